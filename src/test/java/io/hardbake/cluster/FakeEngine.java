package io.hardbake.cluster;

import io.hardbake.Oracle;
import io.hardbake.engine.Engine;
import io.hardbake.engine.EngineFacts;
import io.hardbake.engine.Machine;
import io.hardbake.engine.MachineSpec;
import io.hardbake.engine.Network;
import io.hardbake.engine.Output;
import io.hardbake.engine.Subnet;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.oci.BakedImage;
import io.hardbake.progress.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/** An engine in memory, whose machines are ready as soon as they run. */
final class FakeEngine implements Engine {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  final Map<String, Machine> machines = new ConcurrentHashMap<>();
  private final Map<String, MachineSpec> specs = new ConcurrentHashMap<>();
  final Map<String, byte[]> seeds = new ConcurrentHashMap<>();
  final List<Network> networks = new ArrayList<>();
  final List<String> loaded = new ArrayList<>();
  final ConcurrentSkipListSet<String> dying = new ConcurrentSkipListSet<>();
  final ConcurrentSkipListSet<String> vanishing = new ConcurrentSkipListSet<>();
  EngineFacts facts = new EngineFacts("amd64", "unix:///fake", "127.0.0.1");

  /** The names by ID of containers that somebody else put into the cluster's network. */
  final Map<String, String> guests = new HashMap<>();

  boolean ready = true;

  /** Where machines have their programs, if they have any; without, all say the same. */
  Optional<Path> programs = Optional.empty();

  /** Whether somebody else makes the same just before. */
  boolean besides;

  boolean loads = true;
  boolean creates = true;
  private int ids;

  @Override
  public EngineFacts facts() {
    return facts;
  }

  @Override
  public Optional<String> find(BakedImage image) {
    String id = "sha256:" + image.configuration();
    return loaded.contains(id) ? Optional.of(id) : Optional.empty();
  }

  @Override
  public void load(BakedImage image, Progress progress) throws IntegrityException {
    if (!loads) {
      throw new IntegrityException(image.archive() + " is damaged", "bake the image again");
    }
    loaded.add("sha256:" + image.configuration());
  }

  @Override
  public List<Network> networks() {
    return List.copyOf(networks);
  }

  @Override
  public Optional<Network> createNetwork(String name, Subnet subnet, Map<String, String> labels)
      throws HostException {
    if (networks.stream().flatMap(each -> each.subnets().stream()).anyMatch(subnet::overlaps)) {
      return Optional.empty();
    }
    Network network = new Network("net-" + name, name, List.of(subnet), labels);
    networks.add(network);
    if (besides) {
      throw new HostException("network with name " + name + " already exists", "remove it");
    }
    return Optional.of(network);
  }

  @Override
  public Map<String, String> members(Network network) {
    Map<String, String> members = new HashMap<>(guests);
    machines.values().stream()
        .filter(Machine::runs)
        .forEach(machine -> members.put(machine.id(), machine.name()));
    return members;
  }

  @Override
  public void removeNetwork(Network network) throws HostException {
    if (!guests.isEmpty()) {
      throw new HostException("the network has active endpoints", "look at the engine's own log");
    }
    networks.remove(network);
  }

  @Override
  public List<Machine> machines(String label, String value) {
    return machines.values().stream()
        .filter(machine -> value.equals(machine.labels().get(label)))
        .toList();
  }

  /** The cluster's machines by host name, with their states. */
  Map<String, String> states() {
    Map<String, String> states = new TreeMap<>();
    machines
        .values()
        .forEach(
            machine ->
                states.put(
                    machine.labels().getOrDefault(Label.MACHINE, machine.name()), machine.state()));
    return states;
  }

  MachineSpec spec(String name) {
    return Objects.requireNonNull(specs.get(name));
  }

  Machine named(String name) {
    return machines.values().stream()
        .filter(machine -> machine.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  void set(Machine machine, String state) {
    machines.put(
        machine.id(),
        new Machine(
            machine.id(),
            machine.name(),
            machine.labels(),
            state,
            machine.restarts(),
            state.equals("exited") ? "exit code 255" : ""));
  }

  @Override
  public synchronized String create(MachineSpec machine) throws HostException {
    if (!creates) {
      throw new HostException("the engine is gone", "start it");
    }
    if (besides) {
      add(machine);
    }
    if (machines.values().stream().anyMatch(each -> each.name().equals(machine.name()))) {
      throw new HostException(
          "that name is already in use by a container", "remove that container");
    }
    return add(machine);
  }

  private String add(MachineSpec machine) {
    String id = "id-" + ids++;
    specs.put(machine.name(), machine);
    machines.put(
        id, new Machine(id, machine.name(), new HashMap<>(machine.labels()), "created", 0, ""));
    return id;
  }

  @Override
  public void copyInto(String machine, String directory, byte[] tar) {
    seeds.put(machine, tar);
  }

  @Override
  public void start(String machine) throws HostException {
    Machine created = Objects.requireNonNull(machines.get(machine));
    if (List.of("paused", "dead").contains(created.state())) {
      throw new HostException("cannot start a container that is " + created.state(), "do not");
    }
    if (vanishing.contains(created.name())) {
      remove(machine);
      return;
    }
    set(created, dying.contains(created.name()) ? "exited" : "running");
  }

  @Override
  public void resume(String machine) {
    set(Objects.requireNonNull(machines.get(machine)), "running");
  }

  @Override
  public void remove(String machine) {
    machines.remove(machine);
  }

  @Override
  public Output run(String machine, List<String> command) {
    if (programs.isPresent()) {
      Oracle.Result result =
          Oracle.run(command, PATIENCE, Map.of("PATH", programs.get().toString()));
      return new Output(result.exitCode(), result.stdout());
    }
    return command.get(0).equals("test")
        ? new Output(ready ? 0 : 1, "")
        : new Output(0, (ready ? "ready" : "waiting") + "\nactive\nactive\nfailed\n");
  }

  @Override
  public void read(String machine, List<String> command, Consumer<String> lines) {
    lines.accept(String.join(" ", command));
  }

  @Override
  public void follow(String machine, List<String> command, Consumer<String> lines) {
    read(machine, command, lines);
  }

  @Override
  public List<String> console(String machine, int lines) {
    return List.of("Failed to mount cgroup at /sys/fs/cgroup", "Exiting PID 1...");
  }

  @Override
  public void close() {}
}
