package io.hardbake.cli;

import io.hardbake.bake.Baker;
import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hardbake lock}: resolves anew. */
@Command(
    name = "lock",
    description = "Resolves all packages anew and rewrites images/hardbake.lock.")
final class LockCommand implements Callable<Integer> {
  @Mixin private BakeArguments arguments = new BakeArguments();
  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  LockCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    CommandSpec command = Objects.requireNonNull(spec);
    try (Console console = speech.console(command)) {
      Baker.of(arguments.options(), Main.environment(command), console)
          .lock()
          .forEach(console::result);
    }
    return 0;
  }
}
