package io.hardbake.cli;

import io.hardbake.bake.Baker;
import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hardbake mirror}: what a bake needs, for networks that end at a wall. */
@Command(
    name = "mirror",
    description =
        "Copies all that a bake fetches into a directory, to bake from it without a network.")
final class MirrorCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "where the copy goes; what is there and right stays")
  private @Nullable Path out;

  @Mixin private BakeArguments arguments = new BakeArguments();
  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  MirrorCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    CommandSpec command = Objects.requireNonNull(spec);
    try (Console console = speech.console(command)) {
      Baker.of(arguments.options(), Main.environment(command), console)
          .mirror(Objects.requireNonNull(out))
          .forEach(console::result);
    }
    return 0;
  }
}
