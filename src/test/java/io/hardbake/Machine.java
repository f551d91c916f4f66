package io.hardbake;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Network.Ipam;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assertions;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;

/** A baked role with an address in a network, and what tests ask of it. */
final class Machine implements AutoCloseable {
  private static final String LABEL = "io.hardbake.test.subnet";

  private final GenericContainer<?> container;
  private final String hostName;
  private final Network network;

  /** Not started yet; {@code address} is in the network's subnet. */
  Machine(String image, String hostName, Network network, String address) {
    this.hostName = hostName;
    this.network = network;
    container =
        ContainerEngine.machine(image, hostName)
            .withNetwork(network)
            .withCreateContainerCmdModifier(create -> create.withIpv4Address(address));
  }

  /**
   * A network of the test's own; close it when its machines are gone. One that a killed run has
   * left would be in the way.
   */
  static Network network(String subnet) {
    for (String left : ids("network", "ls", "label=" + LABEL + "=" + subnet)) {
      for (String machine : ids("ps", "--all", "network=" + left)) {
        Oracle.run("docker", "rm", "--force", "--volumes", machine).succeeded();
      }
      Oracle.run("docker", "network", "rm", left).succeeded();
    }
    Ipam addresses = new Ipam().withConfig(new Ipam.Config().withSubnet(subnet));
    return Network.builder()
        .createNetworkCmdModifier(
            create -> create.withIpam(addresses).withLabels(Map.of(LABEL, subnet)))
        .build();
  }

  private static List<String> ids(String... listAndFilter) {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(listAndFilter));
    command.add(command.size() - 1, "--filter");
    command.add("--quiet");
    return Oracle.run(command).succeeded().stdout().lines().toList();
  }

  /** Puts a file in place before the machine boots. */
  void give(String path, byte[] content, int mode) {
    container.withCopyToContainer(Transferable.of(content, mode), path);
  }

  /** Copies a file into the running machine. */
  void copy(String path, byte[] content) {
    container.copyFileToContainer(Transferable.of(content, 0100600), path);
  }

  /** A variable in the environment of the machine's first process. */
  Machine environment(String name, String value) {
    container.withEnv(name, value);
    return this;
  }

  void boot() {
    container.start();
  }

  /** The power fails. */
  void kill() {
    docker().killContainerCmd(container.getContainerId()).exec();
  }

  /** And comes back: the same disk, a new boot. */
  void bootAgain() {
    docker().startContainerCmd(container.getContainerId()).exec();
  }

  /** Gives a machine that is off another address in its network. */
  void moveTo(String address) {
    docker()
        .disconnectFromNetworkCmd()
        .withNetworkId(network.getId())
        .withContainerId(container.getContainerId())
        .exec();
    docker()
        .connectToNetworkCmd()
        .withNetworkId(network.getId())
        .withContainerId(container.getContainerId())
        .withContainerNetwork(
            new ContainerNetwork()
                .withAliases(hostName)
                .withIpv4Address(address)
                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address)))
        .exec();
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }

  ExecResult run(String command) throws IOException, InterruptedException {
    return container.execInContainer("/bin/sh", "-c", command);
  }

  /** What a command prints; it has to succeed. */
  String output(String command) throws IOException, InterruptedException {
    ExecResult result = run(command);
    Assertions.assertEquals(0, result.getExitCode(), () -> command + ": " + result);
    return result.getStdout();
  }

  /** What its etcd says. */
  String etcdctl(String arguments) throws IOException, InterruptedException {
    return output(
        "ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379"
            + " --cacert=/var/lib/kubernetes/ca.pem --cert=/var/lib/kubernetes/kubernetes.pem"
            + " --key=/var/lib/kubernetes/kubernetes-key.pem "
            + arguments);
  }

  /** What its etcd holds of a Secret is encrypted by key1, and {@code content} is not in it. */
  void assertEncrypted(String secret, String content) throws IOException, InterruptedException {
    String stored =
        etcdctl("get /registry/secrets/default/" + secret + " | head -c 400 | tr -cd '[:print:]'");
    Assertions.assertTrue(stored.contains("k8s:enc:aescbc:v1:key1"), stored);
    Assertions.assertFalse(stored.contains(content), stored);
  }

  /** Repeats a command until it succeeds; what the machine says of itself goes into the failure. */
  String eventually(String command, Duration patience) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(patience);
    ExecResult result = run(command);
    while (result.getExitCode() != 0) {
      if (Instant.now().isAfter(end)) {
        Assertions.fail(
            "%s: %s\n%s"
                .formatted(
                    command,
                    result,
                    run("systemctl --failed --no-legend; journalctl -b --no-pager -n 80")
                        .getStdout()));
      }
      Thread.sleep(500);
      result = run(command);
    }
    return result.getStdout();
  }

  /** Units in state failed, by name. */
  List<String> failedUnits() throws IOException, InterruptedException {
    // Without a pipeline, whose exit code would not be that of systemctl.
    return output("systemctl list-units --state=failed --plain --no-legend")
        .lines()
        .map(line -> line.strip().split(" ", 2)[0])
        .toList();
  }

  /** Sends the image's stop signal and gives PID 1's exit code. */
  long stopAndGetExitCode() {
    DockerClient docker = docker();
    docker.stopContainerCmd(container.getContainerId()).withTimeout(30).exec();
    return Objects.requireNonNull(
        docker.inspectContainerCmd(container.getContainerId()).exec().getState().getExitCodeLong());
  }

  @Override
  public void close() {
    container.stop();
  }
}
