package io.hardbake.cli;

import io.hardbake.engine.Engine;
import io.hardbake.failure.BakeException;
import java.io.IOException;
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
import picocli.CommandLine.Spec;

/** {@code hardbake cluster down}. */
@Command(
    name = "down",
    description =
        "Removes the cluster's machines, all that is stored in them, and its network; the credentials"
            + " stay for the next.")
final class ClusterDownCommand implements Callable<Integer> {
  @Option(
      names = "--credentials",
      description = "remove the credentials and the kubeconfig too",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean credentials;

  @Mixin private ClusterArguments arguments = new ClusterArguments();
  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  ClusterDownCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    try (Console console = speech.console(Objects.requireNonNull(spec));
        Engine engine = Engine.connect(Optional.empty())) {
      List<String> removed = arguments.in(engine, console).down(credentials);
      console.result(
          removed.isEmpty() ? "no machine was there" : "removed " + String.join(", ", removed),
          Map.of("removed", removed));
    }
    return 0;
  }
}
