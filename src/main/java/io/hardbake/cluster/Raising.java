package io.hardbake.cluster;

import io.hardbake.credentials.Inventory;
import io.hardbake.engine.Engine;
import io.hardbake.engine.Machine;
import io.hardbake.engine.Network;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.UsageException;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.oci.BakedImage;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes of what stands what is wished for: only what is missing is made. Each step leaves a state
 * from which the same command goes on, so a failure or Ctrl-C costs nothing.
 */
final class Raising {
  private final Setting setting;
  private final Standing old;
  private final Wish wish;

  /** Whether all machines are made anew: by order, or since none has ever run. */
  private final boolean anew;

  private final Engine engine;
  private final Progress progress;
  private final ClusterName name;
  private final Passports passports;
  private final Stopwatch watch = new Stopwatch();

  Raising(Setting setting, Wish wish) throws BakeException {
    this.setting = setting;
    this.old = Standing.of(setting.engine(), setting.name());
    this.anew = wish.recreate() || old.neverRan();
    this.wish = anew ? wish.orAs(old) : wish;
    this.engine = setting.engine();
    this.progress = setting.progress();
    this.name = setting.name();
    this.passports = setting.passports();
  }

  Raised run() throws BakeException, IOException, InterruptedException {
    for (BakedImage image : wish.images().values()) {
      requireArchitecture(image);
    }
    Subnets subnets = new Subnets(engine);
    if (anew) {
      subnets.requireFree(wish, old);
    } else {
      requireNetwork();
      wish.requireAgreement(old);
      warnOfOtherImages();
      warnOfLostControllers();
    }
    Port port = Port.choose(wish, old, engine.facts(), setting.up("--recreate", "--port 0"));
    Map<Role, String> images = images();
    if (anew && !keepsNetwork(port)) {
      old.requireNoGuests(engine);
    }
    watch.lap("loading");
    Topology planned =
        anew && !keepsNetwork(port) ? subnets.plan(wish) : old.topology().orElseThrow();
    provideCredentials(planned);
    watch.lap("credentials");
    // What is wrong with the wish, the images, the port, the network or the credentials was found
    // by now: machines may give way.
    Network network = anew ? ground(subnets, port) : old.network().orElseThrow();
    Standing standing = anew ? new Standing(Optional.of(network), new TreeMap<>()) : old;
    Topology topology = Topology.of(network).orElseThrow();
    if (!topology.equals(planned)) {
      provideCredentials(topology); // Somebody else has taken the subnet since.
    }
    List<Node> missing = missing(topology, standing);
    Launch launch =
        new Launch(
            engine,
            new Launch.Plan(name, topology, network.name(), port),
            images,
            wish.images(),
            // What stands has its own, whatever became of those in the directory.
            missing.isEmpty() ? new TreeMap<>() : passports.forControllers(),
            Sha256.of(passports.authority()));
    int started = start(topology, missing, standing, launch);
    watch.lap("starting");
    return arrive(topology, port, started);
  }

  private void provideCredentials(Topology topology) throws BakeException, IOException {
    SortedMap<String, String> flaws = new TreeMap<>();
    for (Inventory.Finding each :
        passports.provide(
            topology,
            engine.facts().publishedHost(),
            anew ? Optional.empty() : old.authority(),
            wish.recreate())) {
      flaws.merge(passports.remedy(each), each.problem(), (first, next) -> first + "; " + next);
    }
    flaws.forEach((remedy, problems) -> progress.warn(problems, remedy));
  }

  /**
   * A network without machines. The one that stands is kept where it is as wished for: should this
   * be cut off, it still tells how large the cluster was and where its API.
   */
  private Network ground(Subnets subnets, Port port)
      throws BakeException, IOException, InterruptedException {
    if (!old.neverRan()) {
      progress.note("removing the machines of " + name + " and all that is stored in them");
    }
    old.removeMachines(engine);
    if (keepsNetwork(port)) {
      return old.network().orElseThrow();
    }
    old.removeNetwork(engine);
    return subnets.network(name, wish, port);
  }

  private boolean keepsNetwork(Port port) {
    return old.topology().map(wish::isMetBy).orElse(false)
        && old.plannedPort().equals(OptionalInt.of(port.number()));
  }

  private void requireNetwork() throws UsageException {
    if (old.topology().isEmpty()) {
      throw new UsageException(
          "the network of the cluster %s is gone, its machines are not".formatted(name),
          "make the cluster anew with --recreate, which loses all that is stored in it");
    }
  }

  private void requireArchitecture(BakedImage image) throws HostException {
    String theirs = engine.facts().architecture();
    if (!image.architecture().equals(theirs)) {
      throw new HostException(
          "%s is for %s, and the engine at %s runs %s"
              .formatted(
                  image.archive().getFileName(),
                  image.architecture(),
                  engine.facts().address(),
                  theirs),
          "bake for the engine and name it here: ./hardbake bake --arch %1$s, then --arch %1$s"
              .formatted(theirs));
    }
  }

  /** A newer image replaces no machine by itself: what is stored in the cluster would be gone. */
  private void warnOfOtherImages() {
    String others =
        old.machines().values().stream()
            .filter(machine -> !machine.isNew() && !isOfBakedImage(machine))
            .map(machine -> machine.labels().getOrDefault(Label.MACHINE, machine.name()))
            .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      progress.warn(
          others + ": made from other images than those baked last",
          "one after the other, without a loss: docker rm -fv %s-MACHINE, then %s, and the next once"
                  .formatted(setting.name(), setting.up())
              + " all are well again (not the only controller); or all at once, and what is stored"
              + " is lost then: "
              + setting.up("--recreate"));
    }
  }

  private boolean isOfBakedImage(Machine machine) {
    String label = machine.labels().getOrDefault(Label.IMAGE, "");
    return wish.images().values().stream()
        .anyMatch(image -> image.configuration().hex().equals(label));
  }

  /**
   * Those to be made: a machine that was never started may lack its seed, and is made anew; so is
   * one of which a removal left something.
   */
  private static List<Node> missing(Topology topology, Standing standing) {
    return topology.nodes().stream()
        .filter(
            node ->
                standing
                    .machine(node)
                    .map(machine -> machine.isNew() || machine.isDead())
                    .orElse(true))
        .toList();
  }

  /** A member of etcd whose data is gone joins again, if a majority is left that takes it in. */
  private void warnOfLostControllers() {
    Topology topology = old.topology().orElseThrow();
    List<String> lost =
        missing(topology, old).stream()
            .filter(node -> node.role() == Role.CONTROLLER)
            .map(Node::name)
            .toList();
    if (old.authority().isEmpty() || lost.isEmpty()) {
      return;
    }
    String names = String.join(", ", lost);
    if (lost.size() * 2 < topology.controllers().size()) {
      progress.note(names + ": gone, and made anew; etcd's other members give it what it had");
    } else {
      progress.warn(
          names + ": gone, and without them the others cannot decide what etcd stores",
          "restore a snapshot, as docs/etcd.md says, or begin anew, without what is stored: "
              + setting.up("--recreate"));
    }
  }

  /** The engine's IDs of the images that are needed, loaded where it lacks them. */
  private Map<Role, String> images() throws BakeException, InterruptedException {
    List<Role> needed =
        anew
            ? List.of(Role.values())
            : missing(old.topology().orElseThrow(), old).stream()
                .map(Node::role)
                .distinct()
                .toList();
    Map<Role, String> images = new EnumMap<>(Role.class);
    for (Role role : needed) {
      BakedImage image = wish.image(role);
      Optional<String> id = engine.find(image);
      if (id.isEmpty()) {
        engine.load(image, progress);
        id = engine.find(image);
      }
      images.put(
          role,
          id.orElseThrow(
              () ->
                  new HostException(
                      "the engine took " + image.names().get(0) + " and does not find it any more",
                      "run the command again; if it stays so, look at the engine's own log")));
    }
    return images;
  }

  /** Makes what is missing, starts what does not run, and says how many machines that were. */
  private int start(Topology topology, List<Node> missing, Standing standing, Launch launch)
      throws BakeException, IOException, InterruptedException {
    List<Node> idle =
        topology.nodes().stream()
            .filter(node -> !standing.machine(node).map(Machine::runs).orElse(false))
            .toList();
    if (idle.isEmpty()) {
      return 0;
    }
    String what = "starting " + idle.stream().map(Node::name).collect(Collectors.joining(", "));
    try (Progress.Task task = progress.begin(what, Size.ZERO)) {
      SideBySide.map(
          idle,
          node -> {
            Optional<Machine> old = standing.machine(node);
            if (missing.contains(node)) {
              engine.start(launch.make(node, old));
            } else if (old.orElseThrow().isPaused()) {
              engine.resume(old.orElseThrow().id());
            } else {
              engine.start(old.orElseThrow().id());
            }
            task.advance(0);
            return node;
          });
    }
    return idle.size();
  }

  private Raised arrive(Topology topology, Port port, int started)
      throws BakeException, IOException, InterruptedException {
    ApiProbe probe = setting.probes().at(port.url(), passports.authority());
    String version =
        new Arrival(setting, topology, probe).await(wish.patience(), watch, started > 0);
    return new Raised(
        topology.controllers().size(),
        started,
        passports.writeKubeconfig(port.url()),
        passports.authority(),
        port.url(),
        "https://" + topology.loadBalancer().address() + ":" + Port.API,
        name.container(topology.controllers().get(0).name()),
        version,
        watch.laps());
  }
}
