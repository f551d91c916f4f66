package io.hardbake.cli;

import io.hardbake.artifact.Comparison;
import io.hardbake.artifact.Difference;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hardbake diff}: where two outputs differ, down to path and attribute. */
@Command(
    name = "diff",
    description =
        "Says where two image archives, disks, boxes, manifests or JSON documents differ, down to"
            + " path and attribute. Ends with 0 where nothing does, with 5 where something does.")
final class DiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A", description = "what there was")
  private Path before = Path.of("");

  @Parameters(index = "1", paramLabel = "B", description = "what there is now")
  private Path after = Path.of("");

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "how many paths are shown; 0 shows all, as --json always does (default: ${DEFAULT-VALUE})")
  private int limit;

  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  DiffCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    if (limit < 0) {
      throw new UsageException("--limit is negative: " + limit, "give a number from 0");
    }
    try (Console console = speech.console(Objects.requireNonNull(spec))) {
      Difference difference = Comparison.of(before, after, console);
      DiffReport report =
          new DiffReport(console, limit == 0 ? Integer.MAX_VALUE : limit, !speech.isQuiet());
      report.print(before, after, difference);
      return difference.isEmpty() ? 0 : Main.DIFFERENT;
    }
  }
}
