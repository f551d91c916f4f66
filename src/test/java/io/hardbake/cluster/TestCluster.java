package io.hardbake.cluster;

import io.hardbake.credentials.Credentials;
import io.hardbake.engine.Subnet;
import io.hardbake.failure.BakeException;
import io.hardbake.io.Sha256;
import io.hardbake.oci.BakedImage;
import io.hardbake.progress.RecordingProgress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A cluster in a {@link FakeEngine}, and what is wished of it. */
final class TestCluster {
  final FakeEngine engine = new FakeEngine();
  final RecordingProgress progress = new RecordingProgress();

  /** What the API says that it is; nothing while it is silent. */
  Optional<String> version = Optional.of("v1.18.6");

  /** What makes and renews them; their clock need not be this machine's. */
  Credentials credentials = Credentials.ofThisMachine();

  /** Images of another bake are others. */
  String baked = "first";

  private final Path directory;

  /** Its credentials are in {@code directory}, and made there if they are missing. */
  TestCluster(Path directory) {
    this.directory = directory;
  }

  Cluster commands() {
    return commands(directory);
  }

  /** The commands of somebody with other credentials. */
  Cluster commands(Path otherDirectory) {
    return new Cluster(
        new Setting(
            engine,
            new ClusterName("test"),
            new Passports(otherDirectory, credentials),
            progress,
            (url, authority) -> new FakeProbe(url),
            " --name test",
            " --output test"));
  }

  Raised up() throws BakeException, IOException, InterruptedException {
    return up(plain());
  }

  Raised up(Wish wish) throws BakeException, IOException, InterruptedException {
    return commands().up(wish);
  }

  /** As it stands, or what is usual, on a port that is free. */
  Wish plain() {
    return wish(OptionalInt.empty(), Optional.empty(), OptionalInt.of(0), false);
  }

  Wish withControllers(int count) {
    return wish(OptionalInt.of(count), Optional.empty(), OptionalInt.of(0), false);
  }

  Wish wish(OptionalInt controllers, Optional<Subnet> subnet, OptionalInt port, boolean recreate) {
    return new Wish(
        Map.of(Role.CONTROLLER, image("controller"), Role.LOAD_BALANCER, image("loadbalancer")),
        controllers,
        subnet,
        port,
        Duration.ofMillis(400),
        recreate);
  }

  private BakedImage image(String role) {
    Sha256 id = Sha256.of((role + baked).getBytes(StandardCharsets.UTF_8));
    return new BakedImage(
        Path.of(role + "-amd64.oci.tar"), List.of("hardbake/" + role), id, id, "amd64");
  }

  private final class FakeProbe implements ApiProbe {
    private final String url;

    FakeProbe(String url) {
      this.url = url;
    }

    @Override
    public String url() {
      return url;
    }

    @Override
    public Answer ask() {
      return new Answer(version, "connection reset");
    }
  }
}
