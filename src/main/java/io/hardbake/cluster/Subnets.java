package io.hardbake.cluster;

import io.hardbake.engine.Engine;
import io.hardbake.engine.Network;
import io.hardbake.engine.Subnet;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.UsageException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds a place for a cluster's network. */
final class Subnets {
  /** VirtualBox gives it to every machine behind its NAT, so first boot refuses its addresses. */
  private static final Subnet VIRTUALBOX_NAT = Subnet.parse("10.0.2.0/24").orElseThrow();

  /** The tutorial's own subnet, its neighbours, then the other two private ranges of RFC 1918. */
  private static final List<Subnet> CANDIDATES =
      Stream.of(
              neighbours("10.240.%d.0/24"),
              neighbours("172.30.%d.0/24"),
              neighbours("192.168.%d.0/24"))
          .flatMap(List::stream)
          .toList();

  private final Engine engine;

  Subnets(Engine engine) {
    this.engine = engine;
  }

  /** A network for a new cluster, in the subnet that was wished for or the first that is free. */
  Network network(ClusterName name, Wish wish, Port port) throws BakeException {
    int count = count(wish);
    Map<String, String> labels =
        Map.of(
            Label.CLUSTER,
            name.text(),
            Label.CONTROLLERS,
            Integer.toString(count),
            Label.PORT,
            Integer.toString(port.number()));
    if (wish.subnet().isPresent()) {
      Subnet subnet = wish.subnet().get();
      return create(name, subnet, labels).orElseThrow(() -> taken(subnet));
    }
    for (Subnet subnet : free(taken())) {
      Optional<Network> network = create(name, subnet, labels);
      if (network.isPresent()) {
        return network.get();
      }
    }
    throw noneFree();
  }

  private Optional<Network> create(ClusterName name, Subnet subnet, Map<String, String> labels)
      throws BakeException {
    try {
      return engine.createNetwork(name.text(), subnet, labels);
    } catch (HostException e) {
      // From another directory of credentials, or another host: no lock keeps them apart.
      if (Standing.of(engine, name).network().isPresent()) {
        throw Standing.madeMeanwhile("the network " + name, e);
      }
      throw e;
    }
  }

  /** The machines of a new cluster, in the subnet that {@link #network} will try first. */
  Topology plan(Wish wish) throws BakeException {
    Subnet subnet =
        wish.subnet().isPresent()
            ? wish.subnet().get()
            : free(taken()).stream().findFirst().orElseThrow(Subnets::noneFree);
    return Topology.of(subnet, count(wish));
  }

  private static int count(Wish wish) {
    return wish.controllers().orElse(Topology.DEFAULT_COUNT);
  }

  private static HostException noneFree() {
    return new HostException(
        "no subnet is free for the cluster's network",
        "choose one with --subnet; `docker network ls` lists those that are, and `docker network rm NAME`"
            + " removes one that nothing uses");
  }

  /** Refuses a subnet in which a network is that does not give way. */
  void requireFree(Wish wish, Standing standing) throws BakeException {
    Subnet subnet = wish.subnet().orElse(null);
    if (subnet == null) {
      return;
    }
    for (Network network : engine.networks()) {
      boolean givesWay =
          standing.network().map(Network::id).filter(network.id()::equals).isPresent();
      if (!givesWay && network.subnets().stream().anyMatch(subnet::overlaps)) {
        throw taken(subnet);
      }
    }
  }

  private static HostException taken(Subnet subnet) {
    return new HostException(
        subnet + " is taken by another network of the engine",
        "choose another with --subnet, or leave it out; `docker network ls` lists them");
  }

  private List<Subnet> taken() throws BakeException {
    List<Subnet> taken = new ArrayList<>();
    engine.networks().forEach(network -> taken.addAll(network.subnets()));
    if (engine.facts().local()) {
      taken.addAll(ofThisHost());
    }
    return taken;
  }

  private static List<Subnet> neighbours(String format) {
    return IntStream.range(0, 16)
        .mapToObj(n -> Subnet.parse(format.formatted(n)).orElseThrow())
        .toList();
  }

  /** Those that overlap nothing in {@code taken}, the best first. */
  static List<Subnet> free(List<Subnet> taken) {
    return CANDIDATES.stream()
        .filter(candidate -> taken.stream().noneMatch(candidate::overlaps))
        .toList();
  }

  /** The subnets of this host's own interfaces. */
  private static List<Subnet> ofThisHost() {
    List<Subnet> subnets = new ArrayList<>();
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(each -> each.getInterfaceAddresses().stream())
          .filter(address -> address.getAddress() instanceof Inet4Address)
          .forEach(address -> subnets.add(around(address)));
    } catch (SocketException e) {
      // Then only what the engine says counts.
      return List.of();
    }
    return subnets;
  }

  private static Subnet around(InterfaceAddress address) {
    return Subnet.around(address.getAddress(), address.getNetworkPrefixLength());
  }

  /** Reads what a user chose. */
  static Subnet parse(String text) throws UsageException {
    Subnet subnet =
        Subnet.parse(text)
            .orElseThrow(
                () ->
                    new UsageException(
                        "'" + text + "' is not an IPv4 subnet",
                        "write it with zero host bits, such as 10.240.0.0/24"));
    if (subnet.prefix() > Topology.LONGEST_PREFIX) {
      throw new UsageException(
          subnet + " is too small: the load balancer has the 40th address",
          "choose one of at least 64 addresses, such as 10.240.0.0/24");
    }
    if (subnet.overlaps(VIRTUALBOX_NAT)) {
      throw new UsageException(
          "machines refuse addresses in %s: behind VirtualBox's NAT all have the same"
              .formatted(VIRTUALBOX_NAT),
          "choose another subnet, such as 10.240.0.0/24");
    }
    return subnet;
  }
}
