package io.hardbake.cluster;

import io.hardbake.credentials.Credentials;
import io.hardbake.engine.Engine;
import io.hardbake.engine.Machine;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A cluster of containers in an engine, which may or may not exist yet. */
public final class Cluster {
  private final Engine engine;
  private final Setting setting;

  /**
   * The cluster of that name.
   *
   * @param directory where its credentials are kept
   * @param again the options that have to be behind a command for it to mean this cluster, each
   *     with a space before it; remedies end with them
   * @param images those that have to be behind {@code up} besides for it to take the same images
   */
  public Cluster(
      Engine engine,
      ClusterName name,
      Path directory,
      Progress progress,
      String again,
      String images) {
    this(
        new Setting(
            engine,
            name,
            new Passports(directory, Credentials.ofThisMachine()),
            progress,
            HttpsProbe::at,
            again,
            images));
  }

  Cluster(Setting setting) {
    this.setting = setting;
    this.engine = setting.engine();
  }

  /** Makes what is missing, starts what does not run, and waits until all of it answers. */
  public Raised up(Wish wish) throws BakeException, IOException, InterruptedException {
    ClusterLock lock = setting.passports().lockForUp(setting.name());
    try (lock) {
      return new Raising(setting, wish).run();
    }
  }

  /**
   * Removes the machines with all that is stored in them, and the network.
   *
   * @param credentialsToo whether the directory's credentials go as well
   * @return the names of the machines that were removed
   */
  public List<String> down(boolean credentialsToo)
      throws BakeException, IOException, InterruptedException {
    ClusterLock lock = setting.passports().lockForDown(setting.name());
    try (lock) {
      Standing standing = Standing.of(engine, setting.name());
      standing.remove(engine);
      if (credentialsToo) {
        setting.passports().remove();
      }
      return List.copyOf(standing.machines().keySet());
    }
  }

  /** How each machine is that the cluster should have. */
  public List<MachineStatus> status() throws BakeException, IOException, InterruptedException {
    Standing standing = Standing.of(engine, setting.name());
    return new Inquiry(engine).all(topology(standing), standing);
  }

  /** The API as this host reaches it: its URL, and the version that it tells, if it answers. */
  public Api api() throws BakeException, IOException {
    Standing standing = Standing.of(engine, setting.name());
    Port port =
        Port.standing(standing, engine.facts())
            .orElseThrow(
                () ->
                    new UnreachableException(
                        "the cluster %s has no load balancer".formatted(setting.name()),
                        setting.up() + " makes what is missing"));
    ApiProbe.Answer answer = setting.probes().at(port.url(), setting.passports().authority()).ask();
    return new Api(port.url(), answer.version(), answer.silence());
  }

  /**
   * How the API answers.
   *
   * @param version of Kubernetes, once it answers
   * @param silence why it does not
   */
  public record Api(String url, Optional<String> version, String silence) {}

  /**
   * Reads journals. Of a machine that is absent it says so.
   *
   * @param machines by host name; all when none is named
   * @throws UnreachableException when none of them is there
   */
  public void logs(List<String> machines, Journal.Filter filter, Journal.Reader reader)
      throws BakeException, IOException, InterruptedException {
    Standing standing = Standing.of(engine, setting.name());
    Topology topology = topology(standing);
    for (String machine : machines) {
      if (topology.nodes().stream().noneMatch(node -> node.name().equals(machine))) {
        throw new UsageException(
            "the cluster %s has no machine '%s'".formatted(setting.name(), machine),
            "it has: " + String.join(", ", topology.nodes().stream().map(Node::name).toList()));
      }
    }
    List<Machine> there = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    for (Node node : topology.nodes()) {
      if (machines.isEmpty() || machines.contains(node.name())) {
        standing.machine(node).ifPresentOrElse(there::add, () -> absent.add(node.name()));
      }
    }
    if (there.isEmpty()) {
      throw new UnreachableException(
          "absent: " + String.join(", ", absent), setting.up() + " makes what is missing");
    }
    String words = "(absent; %s makes it)".formatted(setting.up());
    absent.forEach(name -> reader.line(name, words));
    new Journal(engine).read(there, filter, reader);
  }

  private Topology topology(Standing standing) throws BakeException {
    return standing.topology().orElseThrow(() -> withoutPlan(standing));
  }

  /** Where there is no network, or none that tells how large the cluster is. */
  private UnreachableException withoutPlan(Standing standing) {
    if (standing.machines().isEmpty()) {
      return new UnreachableException(
          "there is no cluster " + setting.name(), setting.up() + " makes one");
    }
    return new UnreachableException(
        "the network of the cluster %s is gone, its machines are not: %s"
            .formatted(setting.name(), String.join(", ", standing.machines().keySet())),
        "`docker cp` still reads what is stored in them; %s makes the cluster anew, without it"
            .formatted(setting.up("--recreate")));
  }
}
