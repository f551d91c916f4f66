package io.hardbake.cluster;

import io.hardbake.engine.Engine;
import io.hardbake.engine.Machine;
import io.hardbake.engine.Output;
import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks machines how they are. */
final class Inquiry {
  private static final int LAST_WORDS = 20;

  private final Engine engine;

  Inquiry(Engine engine) {
    this.engine = engine;
  }

  /** All machines that the cluster should have, in the plan's order. */
  List<MachineStatus> all(Topology topology, Standing standing)
      throws BakeException, IOException, InterruptedException {
    return SideBySide.map(topology.nodes(), node -> one(node, standing.machine(node)));
  }

  private MachineStatus one(Node node, Optional<Machine> found)
      throws BakeException, InterruptedException {
    if (found.isEmpty()) {
      return status(node, "absent", List.of());
    }
    Machine machine = found.get();
    if (!machine.runs()) {
      String state =
          machine.ending().isEmpty()
              ? machine.state()
              : machine.state() + " (" + machine.ending() + ")";
      return status(node, state, engine.console(machine.id(), LAST_WORDS));
    }
    Output output = engine.run(machine.id(), List.of("/bin/sh", "-c", script(node.role())));
    return answer(node, output.stdout().lines().toList());
  }

  private static MachineStatus status(Node node, String state, List<String> words) {
    return new MachineStatus(node.name(), node.address(), state, false, Map.of(), words);
  }

  /**
   * One question instead of three: each costs the engine a process in the machine. Each service has
   * its line, also while systemd cannot be asked yet and systemctl says nothing.
   */
  private static String script(Role role) {
    return """
        test -e /run/hardbake/ready && echo ready || echo waiting
        for service in %s; do
          state=$(systemctl is-active "$service" 2>/dev/null)
          echo "${state:-unknown}"
        done
        hardbake status 2>&1
        """
        .formatted(String.join(" ", role.services()));
  }

  private static MachineStatus answer(Node node, List<String> lines) {
    List<String> names = node.role().services();
    Map<String, String> services = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      services.put(names.get(i), i + 1 < lines.size() ? lines.get(i + 1) : "unknown");
    }
    return new MachineStatus(
        node.name(),
        node.address(),
        "running",
        !lines.isEmpty() && lines.get(0).equals("ready"),
        services,
        lines.subList(Math.min(names.size() + 1, lines.size()), lines.size()));
  }
}
