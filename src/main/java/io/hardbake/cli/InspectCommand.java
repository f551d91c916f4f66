package io.hardbake.cli;

import io.hardbake.artifact.Artifacts;
import io.hardbake.artifact.ManifestFile;
import io.hardbake.artifact.PathDetails;
import io.hardbake.artifact.Reading;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.ShellWord;
import io.hardbake.failure.UsageException;
import io.hardbake.recipe.Suggestion;
import io.hardbake.tree.AbsolutePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hardbake inspect}: what is in an output, from the file alone. */
@Command(
    name = "inspect",
    description = "Shows what is in an image archive, a disk or a box, from the file alone.")
final class InspectCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ARTIFACT",
      description = "a file that a bake wrote; its kind is told by its content")
  private Path file = Path.of("");

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "show all that is known of one path in the image")
  private @Nullable String path;

  @Option(
      names = "--packages",
      description = "show the packages that dpkg's status file names",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean packages;

  @Option(
      names = "--layers",
      description = "show what each layer adds, replaces and removes",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean layers;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "10",
      description = "how many of the largest files and sources (default: ${DEFAULT-VALUE})")
  private int top;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description =
          "says where each path comes from (default: the file in ../manifests that the bake wrote"
              + " for the artifact)")
  private @Nullable Path manifest;

  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  InspectCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    if (top < 0) {
      throw new UsageException("--top is negative: " + top, "give a number from 0");
    }
    if (manifest != null) {
      Artifacts.requireReadable(manifest, "correct the path behind --manifest");
    }
    try (Console console = speech.console(Objects.requireNonNull(spec));
        Reading bare = Artifacts.read(file, console)) {
      Reading reading = withProvenance(bare);
      InspectReport report = new InspectReport(reading, console, top);
      if (path != null) {
        report.path(details(reading, path));
      } else if (packages) {
        report.packages();
      } else if (layers) {
        report.layers();
      } else {
        report.all();
      }
      requireWhole(reading);
    }
    return 0;
  }

  private Reading withProvenance(Reading reading) throws IOException, UsageException {
    Path known = manifest != null ? manifest : ManifestFile.beside(reading).orElse(null);
    return known == null ? reading : reading.withProvenance(ManifestFile.read(known));
  }

  private static PathDetails details(Reading reading, String text) throws UsageException {
    AbsolutePath wanted;
    try {
      String bare = text.length() > 1 && text.endsWith("/") ? text.replaceFirst("/+$", "") : text;
      wanted = AbsolutePath.of(bare);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "'" + text + "' is no path in an image", "give an absolute path without . and ..", e);
    }
    PathDetails exact = PathDetails.of(reading, wanted).orElse(null);
    if (exact != null) {
      return exact;
    }
    throw new UsageException(
        "there is no %s in %s".formatted(wanted, reading.file()), nearest(reading, wanted));
  }

  /** Where a path would lead, if it goes through links, and else what comes nearest. */
  private static String nearest(Reading reading, AbsolutePath wanted) {
    AbsolutePath led = reading.root().resolve(wanted).orElse(null);
    if (led != null) {
      return "links on the way lead to " + led;
    }
    AbsolutePath directory = wanted;
    AbsolutePath missing = wanted;
    while (reading.root().resolve(directory).isEmpty()) {
      missing = directory;
      directory = directory.parent();
    }
    AbsolutePath real = reading.root().resolve(directory).orElse(AbsolutePath.ROOT);
    List<String> names =
        reading.root().children(real).keySet().stream().map(AbsolutePath::name).toList();
    return "%s%s is there; see: --path %s"
        .formatted(Suggestion.among(names, missing.name()), real, ShellWord.of(real.value()));
  }

  private static void requireWhole(Reading reading) throws IntegrityException {
    if (!reading.findings().isEmpty()) {
      throw new IntegrityException(
          "%s is not as it was baked: %s"
              .formatted(
                  reading.file(),
                  reading.findings().size() == 1
                      ? "1 finding"
                      : reading.findings().size() + " findings"),
          reading.findings().get(0).remedy());
    }
  }
}
