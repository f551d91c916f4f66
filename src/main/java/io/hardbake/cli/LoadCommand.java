package io.hardbake.cli;

import io.hardbake.engine.Engine;
import io.hardbake.failure.BakeException;
import io.hardbake.oci.BakedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hardbake load}: baked images into the running container engine. */
@Command(name = "load", description = "Loads baked images into the running container engine.")
final class LoadCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "ROLE",
      arity = "0..*",
      description = "roles, or archives ending in .oci.tar; all that were baked when none is named")
  private List<String> roles = new ArrayList<>();

  @Mixin private ImageArchives archives = new ImageArchives();
  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  LoadCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    try (Console console = speech.console(Objects.requireNonNull(spec))) {
      List<Path> found = archives.find(roles);
      try (Engine engine = Engine.connect(Optional.empty())) {
        for (Path archive : found) {
          BakedImage image = BakedImage.of(archive);
          engine.load(image, console);
          console.result(
              "loaded " + String.join(", ", image.names()) + " as sha256:" + image.configuration());
        }
      }
    }
    return 0;
  }
}
