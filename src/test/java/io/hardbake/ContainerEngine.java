package io.hardbake;

import com.github.dockerjava.api.model.ContainerConfig;
import io.hardbake.engine.Rights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Runs baked images as machines on this host's container engine. {@code src/test/host/engine}
 * starts one; nothing is ever pulled.
 */
public final class ContainerEngine {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private ContainerEngine() {}

  /** Ends the test when no engine answers. */
  public static void require() {
    Oracle.require("docker");
    Oracle.require(
        Oracle.run("docker", "info").exitCode() == 0,
        "no container engine answers: src/test/host/engine start");
  }

  /** Loads an archive and gives the name, or the id, of the image in it. */
  public static String load(Path archive) {
    String said = Oracle.run("docker", "load", "-i", archive.toString()).succeeded().stdout();
    return said.strip().lines().reduce((a, b) -> b).orElseThrow().replaceFirst("^[^:]*: ", "");
  }

  /**
   * A machine with systemd as its first process, not started yet. Close it: nobody else cleans up.
   *
   * @param hostName its own name, and the one that its peers in a network know it by
   */
  public static GenericContainer<?> machine(String image, String hostName) {
    Rights rights = Rights.of(cgroupVersion());
    return new GenericContainer<>(DockerImageName.parse(image))
        // An image that is not here is the test's fault, not a reason to use the network.
        .withImagePullPolicy(name -> false)
        .withNetworkAliases(hostName)
        .withCreateContainerCmdModifier(
            command -> {
              command.withHostName(hostName).withCmd(rights.firstProcess(command(image)));
              rights.grant(Objects.requireNonNull(command.getHostConfig()));
            });
  }

  /** Runs a command in a machine. */
  public static Oracle.Result run(GenericContainer<?> machine, String... command) {
    try {
      ExecResult result = machine.execInContainer(command);
      return new Oracle.Result(
          List.of(command), result.getExitCode(), result.getStdout(), result.getStderr());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Runs a command in a machine again and again until it succeeds. */
  public static Oracle.Result await(
      GenericContainer<?> machine, Duration patience, String... command) {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Oracle.Result result = run(machine, command);
      if (result.exitCode() == 0 || System.nanoTime() > end) {
        return result.succeeded();
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static List<String> command(String image) {
    ContainerConfig config =
        DockerClientFactory.lazyClient().inspectImageCmd(image).exec().getConfig();
    return List.of(Objects.requireNonNull(Objects.requireNonNull(config).getCmd()));
  }

  private static String cgroupVersion() {
    return Oracle.run("docker", "info", "--format", "{{.CgroupVersion}}")
        .succeeded()
        .stdout()
        .strip();
  }
}
