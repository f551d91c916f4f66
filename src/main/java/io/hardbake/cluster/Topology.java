package io.hardbake.cluster;

import io.hardbake.engine.Network;
import io.hardbake.engine.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which machines a cluster has, and where: the tutorial's addresses in whatever subnet is free.
 *
 * @param controllers in the order of their numbers
 */
record Topology(Subnet subnet, List<Node> controllers, Node loadBalancer) {
  /** What etcd can decide with: an even number bears no more failures than the odd one below it. */
  static final List<Integer> COUNTS = List.of(1, 3, 5);

  static final int DEFAULT_COUNT = 3;

  /** 64 addresses are the fewest that reach up to the load balancer's. */
  static final int LONGEST_PREFIX = 26;

  static final String LOAD_BALANCER_NAME = "loadbalancer";

  private static final int FIRST_CONTROLLER = 10;
  private static final int LOAD_BALANCER = 40;

  Topology {
    controllers = List.copyOf(controllers);
  }

  static Topology of(Subnet subnet, int count) {
    List<Node> controllers =
        IntStream.range(0, count)
            .mapToObj(
                n ->
                    new Node(
                        "controller-" + n, Role.CONTROLLER, subnet.address(FIRST_CONTROLLER + n)))
            .toList();
    return new Topology(
        subnet,
        controllers,
        new Node(LOAD_BALANCER_NAME, Role.LOAD_BALANCER, subnet.address(LOAD_BALANCER)));
  }

  /** The plan of a cluster's network, as its label and subnet tell it. */
  static Optional<Topology> of(Network network) {
    Optional<Integer> count =
        COUNTS.stream()
            .filter(each -> each.toString().equals(network.labels().get(Label.CONTROLLERS)))
            .findFirst();
    return network.subnets().stream()
        .filter(subnet -> subnet.prefix() <= LONGEST_PREFIX)
        .findFirst()
        .flatMap(subnet -> count.map(each -> of(subnet, each)));
  }

  /** The controllers, then the load balancer. */
  List<Node> nodes() {
    List<Node> nodes = new ArrayList<>(controllers);
    nodes.add(loadBalancer);
    return nodes;
  }

  /** {@code controller-0=10.240.0.10 controller-1=10.240.0.11}, as every machine is told. */
  String controllersLine() {
    return controllers.stream()
        .map(node -> node.name() + "=" + node.address())
        .collect(Collectors.joining(" "));
  }
}
