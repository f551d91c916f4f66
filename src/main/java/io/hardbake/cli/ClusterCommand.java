package io.hardbake.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hardbake cluster}: the whole cluster from the baked images, in a container engine. */
@Command(
    name = "cluster",
    description = "Runs the whole cluster from the baked images in the local container engine.",
    synopsisSubcommandLabel = "(up | status | logs | down)",
    subcommands = {
      ClusterUpCommand.class,
      ClusterStatusCommand.class,
      ClusterLogsCommand.class,
      ClusterDownCommand.class
    })
final class ClusterCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  ClusterCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "up, status, logs or down is missing");
  }
}
