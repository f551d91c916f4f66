package io.hardbake.cli;

import io.hardbake.cluster.Journal;
import io.hardbake.engine.Engine;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hardbake cluster logs}. */
@Command(name = "logs", description = "Shows the journals of the cluster's machines.")
final class ClusterLogsCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MACHINE",
      arity = "0..*",
      description = "such as controller-0; all when none is named")
  private List<String> machines = new ArrayList<>();

  @Option(
      names = {"-u", "--unit"},
      paramLabel = "UNIT",
      description = "only this unit's, such as etcd or hardbake-firstboot")
  private @Nullable String unit;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "200",
      description = "how many of each machine's last lines (default: ${DEFAULT-VALUE})")
  private int lines = 200;

  @Option(
      names = {"-f", "--follow"},
      description = "go on with what is written from now on, until interrupted",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean follow;

  @Mixin private ClusterArguments arguments = new ClusterArguments();
  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  ClusterLogsCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    if (lines < 0) {
      throw new UsageException("--lines " + lines + ": fewer than none", "use --lines 200");
    }
    CommandSpec command = Objects.requireNonNull(spec);
    BrokenPipe pipe = new BrokenPipe(command.commandLine().getOut());
    try (Console console = speech.console(command);
        Engine engine = Engine.connect(Optional.empty())) {
      arguments
          .in(engine, console)
          .logs(
              machines,
              new Journal.Filter(Optional.ofNullable(unit), lines, follow),
              (machine, text) -> {
                console.result("%-12s | %s".formatted(machine, text), Map.of("machine", machine));
                pipe.look();
              });
    } catch (InterruptedException e) {
      if (pipe.isFound()) {
        return 0;
      }
      if (!follow) {
        throw e;
      }
      return Failure.INTERRUPTED; // That is how one ends it: there is nothing to be said.
    }
    return 0;
  }
}
