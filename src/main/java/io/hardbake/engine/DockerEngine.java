package io.hardbake.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network.Ipam;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.RestartPolicy;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.oci.BakedImage;
import io.hardbake.progress.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An engine that speaks docker's API. */
final class DockerEngine implements Engine {
  private static final Duration REMOVAL = Duration.ofMinutes(1);

  /** Of a command that is over in an instant, on a machine that starves. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /**
   * Runs a command until it ends or standard input does. Engines let a command run on whose reader
   * has gone away, however that came; its standard input they close.
   */
  private static final String WHILE_SOMEBODY_LISTENS =
      "exec 3<&0; \"$@\" & command=$!;"
          + " { cat <&3 >/dev/null; kill \"$command\"; } 2>/dev/null & wait \"$command\"";

  private final DockerClient client;
  private final EngineFacts facts;
  private final Rights rights;

  DockerEngine(DockerConnection connection) {
    this.client = connection.client();
    this.facts = connection.facts();
    this.rights = connection.rights();
  }

  @Override
  public EngineFacts facts() {
    return facts;
  }

  @Override
  public Optional<String> find(BakedImage image) throws BakeException {
    for (String id : ImageLoad.ids(image)) {
      Optional<String> found = find(id);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<String> find(String id) throws HostException {
    try {
      return Optional.ofNullable(client.inspectImageCmd(id).exec().getId());
    } catch (NotFoundException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      throw EngineTrouble.of("asking the engine for the image " + id, e);
    }
  }

  @Override
  public void load(BakedImage image, Progress progress) throws BakeException, InterruptedException {
    new ImageLoad(client, progress).load(image);
  }

  @Override
  public List<Network> networks() throws BakeException {
    try {
      List<Network> networks = new ArrayList<>();
      for (var network : client.listNetworksCmd().exec()) {
        List<Subnet> subnets = new ArrayList<>();
        Ipam ipam = network.getIpam();
        if (ipam != null && ipam.getConfig() != null) {
          for (Ipam.Config block : ipam.getConfig()) {
            Subnet.parse(DockerConnection.said(block.getSubnet())).ifPresent(subnets::add);
          }
        }
        Map<String, String> labels = network.getLabels();
        networks.add(
            new Network(
                network.getId(), network.getName(), subnets, labels == null ? Map.of() : labels));
      }
      return networks;
    } catch (RuntimeException e) {
      throw EngineTrouble.of("asking the engine for its networks", e);
    }
  }

  @Override
  public Optional<Network> createNetwork(String name, Subnet subnet, Map<String, String> labels)
      throws BakeException {
    try {
      String id =
          client
              .createNetworkCmd()
              .withName(name)
              .withDriver("bridge")
              .withCheckDuplicate(true)
              .withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(subnet.toString())))
              .withLabels(labels)
              .exec()
              .getId();
      return Optional.of(new Network(id, name, List.of(subnet), labels));
    } catch (RuntimeException e) {
      if (EngineTrouble.rootMessage(e).toLowerCase(Locale.ROOT).contains("overlap")) {
        return Optional.empty();
      }
      throw EngineTrouble.of("making the network " + name, e);
    }
  }

  @Override
  public Map<String, String> members(Network network) throws BakeException {
    try {
      var found = client.inspectNetworkCmd().withNetworkId(network.id()).exec().getContainers();
      Map<String, String> members = new TreeMap<>();
      if (found != null) {
        found.forEach((id, member) -> members.put(id, DockerConnection.said(member.getName())));
      }
      return members;
    } catch (NotFoundException e) {
      return Map.of();
    } catch (RuntimeException e) {
      throw EngineTrouble.of("asking the engine who is in the network " + network.name(), e);
    }
  }

  @Override
  public void removeNetwork(Network network) throws BakeException {
    try {
      client.removeNetworkCmd(network.id()).exec();
    } catch (NotFoundException e) {
      return;
    } catch (RuntimeException e) {
      throw EngineTrouble.of("removing the network " + network.name(), e);
    }
  }

  @Override
  public List<Machine> machines(String label, String value) throws BakeException {
    try {
      List<Machine> machines = new ArrayList<>();
      for (Container container :
          client
              .listContainersCmd()
              .withShowAll(true)
              .withLabelFilter(Map.of(label, value))
              .exec()) {
        machine(container.getId()).ifPresent(machines::add);
      }
      return machines;
    } catch (RuntimeException e) {
      throw EngineTrouble.of("asking the engine for its containers", e);
    }
  }

  /** Nothing when it was removed since the engine named it. */
  private Optional<Machine> machine(String id) {
    try {
      return Optional.of(machine(client.inspectContainerCmd(id).exec()));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private static Machine machine(InspectContainerResponse container) {
    ContainerState state = container.getState();
    Map<String, String> labels = container.getConfig().getLabels();
    Integer restarts = container.getRestartCount();
    String error = DockerConnection.said(state.getError());
    boolean ended = "exited".equals(state.getStatus()) || "restarting".equals(state.getStatus());
    return new Machine(
        container.getId(),
        container.getName().replaceFirst("^/", ""),
        labels == null ? Map.of() : labels,
        DockerConnection.said(state.getStatus()),
        restarts == null ? 0 : restarts,
        !error.isEmpty() ? error : ended ? "exit code " + state.getExitCodeLong() : "");
  }

  @Override
  public String create(MachineSpec machine) throws BakeException {
    HostConfig host =
        HostConfig.newHostConfig()
            .withNetworkMode(machine.network())
            .withRestartPolicy(RestartPolicy.unlessStoppedRestart());
    rights.grant(host);
    List<ExposedPort> exposed = new ArrayList<>();
    List<PortBinding> bindings = new ArrayList<>();
    for (MachineSpec.Port port : machine.ports()) {
      ExposedPort inside = ExposedPort.tcp(port.machinePort());
      exposed.add(inside);
      bindings.add(
          new PortBinding(
              Ports.Binding.bindIpAndPort(port.hostAddress(), port.hostPort()), inside));
    }
    try {
      CreateContainerCmd command =
          client
              .createContainerCmd(machine.image())
              .withCmd(rights.firstProcess(command(machine.image())))
              .withName(machine.name())
              .withHostName(machine.hostName())
              .withHostConfig(host.withPortBindings(bindings))
              .withExposedPorts(exposed)
              .withAliases(machine.hostName())
              .withIpv4Address(machine.address())
              // The console, and with it the engine's own log of what the machine said.
              .withTty(true)
              .withLabels(machine.labels());
      return command.exec().getId();
    } catch (RuntimeException e) {
      throw EngineTrouble.of("making " + machine.name(), e);
    }
  }

  /** What an image starts. */
  private List<String> command(String image) {
    ContainerConfig config = client.inspectImageCmd(image).exec().getConfig();
    String[] command = config == null ? null : config.getCmd();
    return command == null ? List.of() : List.of(command);
  }

  @Override
  public void copyInto(String machine, String directory, byte[] tar) throws BakeException {
    try {
      client
          .copyArchiveToContainerCmd(machine)
          .withRemotePath(directory)
          .withTarInputStream(new ByteArrayInputStream(tar))
          .exec();
    } catch (RuntimeException e) {
      throw EngineTrouble.of("copying files into " + directory + " of a machine", e);
    }
  }

  @Override
  public void start(String machine) throws BakeException {
    try {
      client.startContainerCmd(machine).exec();
    } catch (NotModifiedException e) {
      return; // It runs already.
    } catch (RuntimeException e) {
      throw EngineTrouble.of("starting a machine", e);
    }
  }

  @Override
  public void resume(String machine) throws BakeException {
    try {
      client.unpauseContainerCmd(machine).exec();
    } catch (RuntimeException e) {
      throw EngineTrouble.of("letting a machine go on that was paused", e);
    }
  }

  @Override
  public void remove(String machine) throws BakeException, InterruptedException {
    try {
      client.removeContainerCmd(machine).withForce(true).withRemoveVolumes(true).exec();
    } catch (NotFoundException e) {
      return;
    } catch (ConflictException e) {
      awaitRemoval(machine, e); // Somebody else is removing it.
    } catch (RuntimeException e) {
      throw EngineTrouble.of("removing a machine", e);
    }
  }

  /** Until then its network cannot be removed, nor its name be used again. */
  private void awaitRemoval(String machine, ConflictException conflict)
      throws BakeException, InterruptedException {
    long end = System.nanoTime() + REMOVAL.toNanos();
    try {
      while (machine(machine).isPresent()) {
        if (System.nanoTime() > end) {
          throw EngineTrouble.of("removing a machine", conflict);
        }
        Thread.sleep(BETWEEN_LOOKS.toMillis());
      }
    } catch (RuntimeException e) {
      throw EngineTrouble.of("waiting until a machine is removed", e);
    }
  }

  @Override
  public Output run(String machine, List<String> command)
      throws BakeException, InterruptedException {
    Words words = new Words();
    try {
      String exec = exec(machine, command, false);
      if (!endsInTime(client.execStartCmd(exec).exec(words))) {
        return new Output(-1, words.stdout());
      }
      Long code = client.inspectExecCmd(exec).exec().getExitCodeLong();
      return new Output(Math.toIntExact(Objects.requireNonNullElse(code, -1L)), words.stdout());
    } catch (RuntimeException e) {
      throw EngineTrouble.of("running " + command.get(0) + " in a machine", e);
    }
  }

  @Override
  public void read(String machine, List<String> command, Consumer<String> lines)
      throws BakeException, InterruptedException {
    try {
      complete(client.execStartCmd(exec(machine, command, false)).exec(new Lines(lines)));
    } catch (RuntimeException e) {
      throw EngineTrouble.of("running " + command.get(0) + " in a machine", e);
    }
  }

  @Override
  public void follow(String machine, List<String> command, Consumer<String> lines)
      throws BakeException, InterruptedException {
    List<String> guarded = new ArrayList<>(List.of("sh", "-c", WHILE_SOMEBODY_LISTENS, "sh"));
    guarded.addAll(command);
    try (PipedOutputStream nothing = new PipedOutputStream();
        InputStream open = new PipedInputStream(nothing)) {
      String exec = exec(machine, guarded, true);
      complete(client.execStartCmd(exec).withStdIn(open).exec(new Lines(lines)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw EngineTrouble.of("running " + command.get(0) + " in a machine", e);
    }
  }

  private String exec(String machine, List<String> command, boolean withInput) {
    return client
        .execCreateCmd(machine)
        .withAttachStdin(withInput)
        .withAttachStdout(true)
        .withAttachStderr(true)
        .withCmd(command.toArray(String[]::new))
        .exec()
        .getId();
  }

  @Override
  public List<String> console(String machine, int lines)
      throws BakeException, InterruptedException {
    Words words = new Words();
    try {
      complete(
          client
              .logContainerCmd(machine)
              .withStdOut(true)
              .withStdErr(true)
              .withTail(lines)
              .exec(words));
    } catch (RuntimeException e) {
      throw EngineTrouble.of("reading a machine's console", e);
    }
    return Terminal.plain(words.stdout()).lines().toList();
  }

  /** The same, but for no longer than {@link #PATIENCE}; false if it did not end. */
  private static boolean endsInTime(ResultCallback.Adapter<Frame> callback)
      throws InterruptedException {
    try (callback) {
      return callback.awaitCompletion(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end of a stream; an interruption ends it. */
  private static void complete(ResultCallback.Adapter<Frame> callback) throws InterruptedException {
    try (callback) {
      callback.awaitCompletion();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    DockerConnection.closeQuietly(client);
  }
}
