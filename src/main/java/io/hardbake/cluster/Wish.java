package io.hardbake.cluster;

import io.hardbake.engine.Subnet;
import io.hardbake.failure.UsageException;
import io.hardbake.oci.BakedImage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants of {@code cluster up}; what is left out is as it stands, or the default.
 *
 * @param images by role, one for each
 * @param controllers how many
 * @param port on the engine's host, for the API; 0 for any that is free
 * @param patience how long to wait until the cluster answers
 * @param recreate whether machines that stand, and all that is stored in them, give way
 */
public record Wish(
    Map<Role, BakedImage> images,
    OptionalInt controllers,
    Optional<Subnet> subnet,
    OptionalInt port,
    Duration patience,
    boolean recreate) {
  public static final int DEFAULT_PORT = 6443;
  private static final int MAX_PORT = 65535;

  public Wish {
    images = Map.copyOf(images);
  }

  /** Checks what the user wrote. */
  public static Wish parse(
      Map<Role, BakedImage> images,
      @Nullable Integer controllers,
      @Nullable String subnet,
      @Nullable Integer port,
      int seconds,
      boolean recreate)
      throws UsageException {
    if (controllers != null && !Topology.COUNTS.contains(controllers)) {
      throw new UsageException(
          controllers + " controllers make no cluster that etcd can decide in", "use 1, 3 or 5");
    }
    if (port != null && (port < 0 || port > MAX_PORT)) {
      throw new UsageException(
          "there is no port " + port, "use 1 to 65535, or 0 for any that is free");
    }
    if (seconds < 1) {
      throw new UsageException(
          "--wait " + seconds + ": the cluster needs some seconds to come up", "use --wait 180");
    }
    return new Wish(
        images,
        controllers == null ? OptionalInt.empty() : OptionalInt.of(controllers),
        subnet == null ? Optional.empty() : Optional.of(Subnets.parse(subnet)),
        port == null ? OptionalInt.empty() : OptionalInt.of(port),
        Duration.ofSeconds(seconds),
        recreate);
  }

  /** The same with what was left out as it stands; the port is {@link Port#choose}'s matter. */
  Wish orAs(Standing standing) {
    return new Wish(
        images,
        controllers.isPresent() ? controllers : standing.controllers(),
        subnet.or(() -> standing.topology().map(Topology::subnet)),
        port,
        patience,
        recreate);
  }

  /** Whether a plan has all the machines that are wished for, in the same subnet. */
  boolean isMetBy(Topology topology) {
    return controllers.equals(OptionalInt.of(topology.controllers().size()))
        && subnet.equals(Optional.of(topology.subnet()));
  }

  /** Refuses what the machines that stand would have to be made anew for. */
  void requireAgreement(Standing standing) throws UsageException {
    Optional<Topology> topology = standing.topology();
    if (topology.isEmpty()) {
      return;
    }
    int count = topology.get().controllers().size();
    if (controllers.isPresent() && controllers.getAsInt() != count) {
      throw other(
          count == 1 ? "1 controller" : count + " controllers",
          "with %d".formatted(controllers.getAsInt()));
    }
    Subnet where = topology.get().subnet();
    if (subnet.isPresent() && !subnet.get().equals(where)) {
      throw other("its network in " + where, "in " + subnet.get());
    }
    OptionalInt at = standing.port();
    if (at.isPresent()
        && port.isPresent()
        && !List.of(0, at.getAsInt()).contains(port.getAsInt())) {
      throw other("its API on port " + at.getAsInt(), "on port " + port.getAsInt());
    }
  }

  private static UsageException other(String has, String instead) {
    return new UsageException(
        "the cluster stands already and has " + has,
        "leave the option out, choose another --name, or make it anew %s: add --recreate, which loses all that is stored in it"
            .formatted(instead));
  }

  BakedImage image(Role role) {
    BakedImage image = images.get(role);
    if (image == null) {
      throw new IllegalArgumentException("no image for " + role);
    }
    return image;
  }
}
