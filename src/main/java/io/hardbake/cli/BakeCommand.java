package io.hardbake.cli;

import io.hardbake.bake.Baker;
import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hardbake bake}: from recipes to files. */
@Command(name = "bake", description = "Bakes roles into images; fetches what is missing.")
final class BakeCommand implements Callable<Integer> {
  @Mixin private BakeArguments arguments = new BakeArguments();

  @Option(
      names = "--sign-key",
      paramLabel = "FILE",
      description =
          "a private key (PKCS #8, PEM; Ed25519 best) that signs a statement beside each result")
  private @Nullable Path signKey;

  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  BakeCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    CommandSpec command = Objects.requireNonNull(spec);
    try (Console console = speech.console(command)) {
      Baker baker =
          Baker.of(
              arguments.options(Optional.ofNullable(signKey)), Main.environment(command), console);
      baker.bake().lines().forEach(console::result);
    }
    return 0;
  }
}
