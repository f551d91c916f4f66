package io.hardbake;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.model.ContainerConfig;
import io.hardbake.engine.Rights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
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

  /** What this process has loaded. */
  private static final Map<Archive, Loaded> LOADED = new ConcurrentHashMap<>();

  private ContainerEngine() {}

  /** An archive as it was when it was loaded; one that is written anew is another. */
  private record Archive(Path file, long size, FileTime written) {
    static Archive of(Path file) {
      try {
        return new Archive(
            file.toAbsolutePath(), Files.size(file), Files.getLastModifiedTime(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * An image that the engine has.
   *
   * @param name its name, or its id if it has none
   */
  private record Loaded(String name, String id) {
    static Loaded of(Archive archive) {
      String said =
          Oracle.run("docker", "load", "-i", archive.file().toString()).succeeded().stdout();
      String name = said.strip().lines().reduce((a, b) -> b).orElseThrow();
      name = name.replaceFirst("^[^:]*: ", "");
      return new Loaded(name, inspect(name).succeeded().stdout());
    }

    /** Whether nobody has removed it since, or given its name to another. */
    boolean isThere() {
      Oracle.Result said = inspect(name);
      return said.exitCode() == 0 && said.stdout().equals(id);
    }

    private static Oracle.Result inspect(String name) {
      return Oracle.run("docker", "image", "inspect", "--format={{.Id}}", name);
    }
  }

  /** Ends the test when no engine answers. */
  public static void require() {
    Oracle.require("docker");
    Oracle.require(
        Oracle.run("docker", "info").exitCode() == 0,
        "no container engine answers: src/test/host/engine start");
  }

  /**
   * Loads an archive and gives the name, or the id, of the image in it. A hundred megabytes take
   * the engine a while, so an archive that it has already is not sent again.
   */
  public static String load(Path archive) {
    return requireNonNull(LOADED.compute(Archive.of(archive), ContainerEngine::loaded)).name();
  }

  private static Loaded loaded(Archive archive, @Nullable Loaded known) {
    return known != null && known.isThere() ? known : Loaded.of(archive);
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
              rights.grant(requireNonNull(command.getHostConfig()));
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
    return List.of(requireNonNull(requireNonNull(config).getCmd()));
  }

  private static String cgroupVersion() {
    return Oracle.run("docker", "info", "--format", "{{.CgroupVersion}}")
        .succeeded()
        .stdout()
        .strip();
  }
}
