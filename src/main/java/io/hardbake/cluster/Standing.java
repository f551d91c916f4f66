package io.hardbake.cluster;

import io.hardbake.engine.Engine;
import io.hardbake.engine.Machine;
import io.hardbake.engine.Network;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the engine has of a cluster.
 *
 * @param machines by host name
 */
record Standing(Optional<Network> network, SortedMap<String, Machine> machines) {
  Standing {
    machines = Collections.unmodifiableSortedMap(new TreeMap<>(machines));
  }

  static Standing of(Engine engine, ClusterName name) throws BakeException {
    Optional<Network> network =
        engine.networks().stream()
            .filter(each -> name.text().equals(each.labels().get(Label.CLUSTER)))
            .findFirst();
    SortedMap<String, Machine> machines = new TreeMap<>();
    for (Machine machine : engine.machines(Label.CLUSTER, name.text())) {
      machines.put(machine.labels().getOrDefault(Label.MACHINE, machine.name()), machine);
    }
    return new Standing(network, machines);
  }

  /** Whether there is no machine in which anything could be stored. */
  boolean neverRan() {
    return machines.values().stream().allMatch(Machine::isNew);
  }

  /** The plan that the cluster was made by; none when its network is gone. */
  Optional<Topology> topology() {
    return network.flatMap(Topology::of);
  }

  /** How many controllers there are, which the machines tell too when their network is gone. */
  OptionalInt controllers() {
    int count =
        topology()
            .map(topology -> topology.controllers().size())
            .orElse(machines.size() - (machines.containsKey(Topology.LOAD_BALANCER_NAME) ? 1 : 0));
    return Topology.COUNTS.contains(count) ? OptionalInt.of(count) : OptionalInt.empty();
  }

  Optional<Machine> machine(Node node) {
    return Optional.ofNullable(machines.get(node.name()));
  }

  /** The port of the API on the engine's host, if the load balancer was ever started. */
  OptionalInt port() {
    return port(
        Optional.ofNullable(machines.get(Topology.LOAD_BALANCER_NAME))
            .filter(machine -> !machine.isNew())
            .map(Machine::labels));
  }

  /** The port that the network was made with, which it tells when the load balancer is gone. */
  OptionalInt plannedPort() {
    return port(network.map(Network::labels));
  }

  private static OptionalInt port(Optional<Map<String, String>> labels) {
    return labels
        .flatMap(each -> Optional.ofNullable(each.get(Label.PORT)))
        .filter(text -> text.matches("[0-9]{1,5}"))
        .map(text -> OptionalInt.of(Integer.parseInt(text)))
        .orElse(OptionalInt.empty());
  }

  /** Whether the load balancer itself listens on its port, so that nobody else can. */
  boolean listens() {
    return Optional.ofNullable(machines.get(Topology.LOAD_BALANCER_NAME))
        .filter(machine -> !List.of("created", "exited", "dead").contains(machine.state()))
        .isPresent();
  }

  /** The CA that the machines booted with; none as long as all are yet to be made. */
  Optional<Sha256> authority() {
    return machines.values().stream()
        .filter(machine -> !machine.isNew())
        .flatMap(machine -> Sha256.parse(machine.labels().getOrDefault(Label.CA, "")).stream())
        .findFirst();
  }

  /**
   * Refuses to go on where others than the cluster's machines are in its network, which could not
   * be removed then.
   *
   * @throws HostException that names them
   */
  void requireNoGuests(Engine engine) throws BakeException {
    if (network.isEmpty()) {
      return;
    }
    SortedMap<String, String> guests = new TreeMap<>(engine.members(network.get()));
    machines.values().forEach(machine -> guests.remove(machine.id()));
    if (!guests.isEmpty()) {
      String where = network.get().name();
      throw new HostException(
          "the network %s has to go, and containers are in it that are not the cluster's: %s"
              .formatted(where, String.join(", ", guests.values())),
          guests.values().stream()
              .map(guest -> "docker network disconnect -f " + where + " " + guest)
              .collect(
                  Collectors.joining(
                      "; ", "take them out of it, then run the command again: ", "")));
    }
  }

  /** What {@code name} is called, somebody else has made for the same cluster just now. */
  static HostException madeMeanwhile(String name, HostException e) {
    return new HostException(
        "another hardbake has made %s at the same time: %s".formatted(name, e.getMessage()),
        "wait until it ends, then run the command again",
        e);
  }

  /** Removes machines with their volumes, then the network. */
  void remove(Engine engine) throws BakeException, IOException, InterruptedException {
    requireNoGuests(engine);
    removeMachines(engine);
    removeNetwork(engine);
  }

  void removeMachines(Engine engine) throws BakeException, IOException, InterruptedException {
    SideBySide.map(
        List.copyOf(machines.values()),
        machine -> {
          engine.remove(machine.id());
          return machine;
        });
  }

  void removeNetwork(Engine engine) throws BakeException {
    if (network.isPresent()) {
      engine.removeNetwork(network.get());
    }
  }
}
