package io.hardbake.cluster;

import io.hardbake.engine.Engine;
import io.hardbake.engine.Machine;
import io.hardbake.engine.MachineSpec;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.oci.BakedImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

/**
 * Makes machines, each with its seed, ready to be started.
 *
 * @param ids the engine's IDs of the images
 * @param credentials what controllers get
 * @param authority the digest of ca.pem among them
 */
record Launch(
    Engine engine,
    Plan plan,
    Map<Role, String> ids,
    Map<Role, BakedImage> images,
    SortedMap<String, Bytes> credentials,
    Sha256 authority) {
  /**
   * Where machines go.
   *
   * @param network the name of the cluster's network
   * @param port of the API, on the load balancer
   */
  record Plan(ClusterName name, Topology topology, String network, Port port) {}

  /** Makes a machine in the place of {@code old} and gives its ID. */
  String make(Node node, Optional<Machine> old) throws BakeException, InterruptedException {
    if (old.isPresent()) {
      engine.remove(old.get().id());
    }
    String id = create(spec(node));
    String instance = plan.name().container(node.name()) + "-" + UUID.randomUUID();
    Seed seed = Seed.of(node, plan.topology(), instance, credentials);
    engine.copyInto(id, Seed.PARENT, seed.tar());
    return id;
  }

  private String create(MachineSpec machine) throws BakeException {
    try {
      return engine.create(machine);
    } catch (HostException e) {
      // From another directory of credentials, or another host: no lock keeps them apart.
      if (Standing.of(engine, plan.name()).machines().values().stream()
          .anyMatch(each -> each.name().equals(machine.name()))) {
        throw Standing.madeMeanwhile(machine.name(), e);
      }
      throw e;
    }
  }

  private MachineSpec spec(Node node) {
    Map<String, String> labels = new HashMap<>();
    labels.put(Label.CLUSTER, plan.name().text());
    labels.put(Label.MACHINE, node.name());
    labels.put(Label.IMAGE, of(images, node).configuration().hex());
    labels.put(Label.CA, authority.hex());
    List<MachineSpec.Port> ports = List.of();
    if (node.role() == Role.LOAD_BALANCER) {
      labels.put(Label.PORT, Integer.toString(plan.port().number()));
      ports = List.of(plan.port().published());
    }
    return new MachineSpec(
        of(ids, node),
        plan.name().container(node.name()),
        node.name(),
        plan.network(),
        node.address(),
        ports,
        labels);
  }

  private static <V> V of(Map<Role, V> byRole, Node node) {
    return Optional.ofNullable(byRole.get(node.role())).orElseThrow();
  }
}
