package io.hardbake.cli;

import io.hardbake.failure.BakeException;
import io.hardbake.oci.RegistryPush;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hardbake push}: a baked image to a registry. */
@Command(
    name = "push",
    description = "Pushes a baked image to a registry, byte for byte, with docker's credentials.")
final class PushCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "ROLE",
      description = "a role, or an archive ending in .oci.tar")
  private String role = "";

  @Parameters(
      index = "1",
      paramLabel = "REFERENCE",
      description =
          "such as registry.example/team/controller:v1.18.6; without a tag, the image's own")
  private String reference = "";

  @Option(
      names = "--plain-http",
      description = "speak HTTP to a registry on this machine's loopback",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean plainHttp;

  @Mixin private ImageArchives archives = new ImageArchives();
  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  PushCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    try (Console console = speech.console(Objects.requireNonNull(spec))) {
      RegistryPush push =
          new RegistryPush(
              console,
              plainHttp ? RegistryPush.Transport.PLAIN_ON_LOOPBACK : RegistryPush.Transport.SECURE);
      RegistryPush.Pushed pushed = push.push(archives.find(role), reference);
      console.result("pushed " + pushed.reference() + "@sha256:" + pushed.manifest());
    }
    return 0;
  }
}
