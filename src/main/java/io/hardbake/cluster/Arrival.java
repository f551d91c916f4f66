package io.hardbake.cluster;

import io.hardbake.engine.Engine;
import io.hardbake.engine.Machine;
import io.hardbake.engine.Output;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Waits until the API answers through the load balancer and every machine is ready, for as long as
 * was asked and no longer.
 */
final class Arrival {
  /** The API costs the machines next to nothing; each question to a machine costs a process. */
  private static final Duration BETWEEN_PROBES = Duration.ofMillis(100);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final Duration BETWEEN_NOTES = Duration.ofSeconds(15);
  private static final int LAST_WORDS = 30;

  private final Setting setting;
  private final Engine engine;
  private final Progress progress;
  private final ClusterName name;
  private final Topology topology;
  private final ApiProbe probe;
  private final Map<String, Integer> restarts = new HashMap<>();

  Arrival(Setting setting, Topology topology, ApiProbe probe) {
    this.setting = setting;
    this.engine = setting.engine();
    this.progress = setting.progress();
    this.name = setting.name();
    this.topology = topology;
    this.probe = probe;
  }

  /**
   * Gives the version that the API told.
   *
   * @param booted whether machines were started just now
   */
  String await(Duration patience, Stopwatch watch, boolean booted)
      throws BakeException, IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    String version;
    try (Progress.Task task = progress.begin("waiting for the API at " + probe.url(), Size.ZERO)) {
      version = api(patience, end, task);
    }
    watch.lap("API");
    if (booted) {
      watch.tellApart("first boot", firstBoot());
    }
    try (Progress.Task task = progress.begin("waiting until all machines are ready", Size.ZERO)) {
      ready(patience, end, task);
    }
    watch.lap("all ready");
    return version;
  }

  private String api(Duration patience, long end, Progress.Task task)
      throws BakeException, IOException, InterruptedException {
    long start = System.nanoTime();
    long nextLook = start;
    long nextNote = start + BETWEEN_NOTES.toNanos();
    while (true) {
      ApiProbe.Answer answer = probe.ask();
      if (answer.version().isPresent()) {
        return answer.version().get();
      }
      long now = System.nanoTime();
      if (now >= nextLook) {
        look();
        nextLook = now + BETWEEN_LOOKS.toNanos();
      }
      if (now > end) {
        throw late("the API does not answer at " + probe.url(), answer.silence(), patience);
      }
      if (now >= nextNote) {
        progress.note(
            "no answer after %d s yet: %s"
                .formatted(Duration.ofNanos(now - start).toSeconds(), answer.silence()));
        nextNote = now + BETWEEN_NOTES.toNanos();
      }
      task.advance(0);
      Thread.sleep(BETWEEN_PROBES.toMillis());
    }
  }

  private void ready(Duration patience, long end, Progress.Task task)
      throws BakeException, IOException, InterruptedException {
    List<Node> waiting = new ArrayList<>(topology.nodes());
    while (true) {
      Standing standing = look();
      List<Boolean> ready =
          SideBySide.map(waiting, node -> isReady(standing.machine(node).orElseThrow()));
      List<Node> still = new ArrayList<>();
      for (int i = 0; i < waiting.size(); i++) {
        if (!ready.get(i)) {
          still.add(waiting.get(i));
        }
      }
      waiting = still;
      if (waiting.isEmpty()) {
        return;
      }
      if (System.nanoTime() > end) {
        String names = waiting.stream().map(Node::name).collect(Collectors.joining(", "));
        throw late("the API answers, but not all machines are ready", names, patience);
      }
      task.advance(0);
      Thread.sleep(BETWEEN_LOOKS.toMillis() / 2);
    }
  }

  /** How long the slowest controller took from its first process to the end of first boot. */
  private Duration firstBoot() throws BakeException, IOException, InterruptedException {
    Standing standing = Standing.of(engine, name);
    return SideBySide.map(
            topology.controllers(),
            node -> {
              Optional<Machine> machine = standing.machine(node);
              return machine.isPresent() ? firstBoot(machine.get()) : Duration.ZERO;
            })
        .stream()
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** systemd counts both moments in microseconds of the host's monotonic clock. */
  private Duration firstBoot(Machine machine) throws BakeException, InterruptedException {
    String script =
        """
        systemctl show --property=UserspaceTimestampMonotonic --value
        systemctl show --property=ExecMainExitTimestampMonotonic --value hardbake-firstboot
        """;
    List<String> moments =
        engine.run(machine.id(), List.of("/bin/sh", "-c", script)).stdout().lines().toList();
    if (moments.size() != 2 || !moments.stream().allMatch(each -> each.matches("[0-9]{1,18}"))) {
      return Duration.ZERO;
    }
    long micros = Long.parseLong(moments.get(1)) - Long.parseLong(moments.get(0));
    return micros < 0 ? Duration.ZERO : Duration.of(micros, ChronoUnit.MICROS);
  }

  private boolean isReady(Machine machine) throws BakeException, InterruptedException {
    Output output = engine.run(machine.id(), List.of("test", "-e", "/run/hardbake/ready"));
    return output.succeeded();
  }

  /** All machines run, and none had to be started again since the first look. */
  private Standing look() throws BakeException, InterruptedException {
    Standing standing = Standing.of(engine, name);
    for (Node node : topology.nodes()) {
      Optional<Machine> found = standing.machine(node);
      if (found.isEmpty()) {
        throw new HostException(
            node.name() + " was removed while the cluster started",
            "run again: %s; it makes what is missing".formatted(setting.up()));
      }
      Machine machine = found.get();
      int before = restarts.computeIfAbsent(node.name(), any -> machine.restarts());
      if (!machine.runs() || machine.restarts() > before) {
        throw ended(node, machine);
      }
    }
    return standing;
  }

  private HostException ended(Node node, Machine machine)
      throws BakeException, InterruptedException {
    String words =
        engine.console(machine.id(), LAST_WORDS).stream()
            .map(line -> "\n    " + line)
            .collect(Collectors.joining());
    return new HostException(
        "%s ended while the cluster started%s; the end of its console:%s"
            .formatted(
                node.name(),
                machine.ending().isEmpty() ? "" : " (" + machine.ending() + ")",
                words.isEmpty() ? " nothing" : words),
        "if systemd could not start, the engine gives its machines too few rights (docs/cluster.md"
            + " says which they need); %s tries again".formatted(setting.up()));
  }

  private UnreachableException late(String what, String why, Duration patience)
      throws BakeException, IOException, InterruptedException {
    StringBuilder text = new StringBuilder();
    text.append("%s after %d s: %s".formatted(what, patience.toSeconds(), why));
    for (MachineStatus status : new Inquiry(engine).all(topology, Standing.of(engine, name))) {
      text.append(
          "\n  %s: %s, %s; services: %s"
              .formatted(
                  status.name(),
                  status.state(),
                  status.ready() ? "ready" : "not ready",
                  status.servicesInBrief()));
      if (!status.works()) {
        status.words().forEach(line -> text.append("\n    ").append(line));
      }
    }
    return new UnreachableException(
        text.toString(),
        "%s says more; %s waits again, longer with --wait"
            .formatted(setting.command("logs"), setting.up()));
  }
}
