package io.hardbake.cli;

import io.hardbake.cluster.Cluster;
import io.hardbake.cluster.MachineStatus;
import io.hardbake.engine.Engine;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hardbake cluster status}: a failure unless all of it works. */
@Command(
    name = "status",
    description =
        "Says how each machine is and whether the API answers; fails with exit code 4 unless all is well.")
final class ClusterStatusCommand implements Callable<Integer> {
  private static final String ROW = "%-14s %-15s %-10s %-6s %s";

  @Mixin private ClusterArguments arguments = new ClusterArguments();
  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  ClusterStatusCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    try (Console console = speech.console(Objects.requireNonNull(spec));
        Engine engine = Engine.connect(Optional.empty())) {
      Cluster cluster = arguments.in(engine, console);
      List<MachineStatus> machines = cluster.status();
      console.heading(ROW.formatted("MACHINE", "ADDRESS", "STATE", "READY", "SERVICES"));
      for (MachineStatus machine : machines) {
        console.result(row(machine), fields(machine));
        if (!machine.works()) {
          machine.words().forEach(line -> console.heading("    " + Table.printable(line)));
        }
      }
      Cluster.Api api = cluster.api();
      console.result(
          "API %s: %s".formatted(api.url(), api.version().orElse("no answer, " + api.silence())),
          Map.of("api", api.url(), "version", api.version().orElse("")));
      requireAllWell(machines, api);
    }
    return 0;
  }

  private static String row(MachineStatus machine) {
    return ROW.formatted(
        machine.name(),
        machine.address(),
        machine.state(),
        machine.ready() ? "yes" : "no",
        machine.servicesInBrief());
  }

  private static Map<String, Object> fields(MachineStatus machine) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", machine.name());
    fields.put("address", machine.address());
    fields.put("state", machine.state());
    fields.put("ready", machine.ready());
    fields.put("services", machine.services());
    fields.put("says", machine.words());
    return fields;
  }

  private void requireAllWell(List<MachineStatus> machines, Cluster.Api api)
      throws UnreachableException {
    String unwell =
        machines.stream()
            .filter(machine -> !machine.works())
            .map(MachineStatus::name)
            .collect(Collectors.joining(", "));
    if (!unwell.isEmpty() || api.version().isEmpty()) {
      throw new UnreachableException(
          unwell.isEmpty() ? "the API does not answer" : "not at work: " + unwell,
          "./hardbake cluster up%1$s starts what does not run; ./hardbake cluster logs%1$s says more"
              .formatted(arguments.again()));
    }
  }
}
