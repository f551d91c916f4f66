package io.hardbake.cli;

import io.hardbake.cluster.Lap;
import io.hardbake.cluster.Raised;
import io.hardbake.cluster.Role;
import io.hardbake.cluster.Wish;
import io.hardbake.engine.Engine;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.ShellWord;
import io.hardbake.oci.BakedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hardbake cluster up}. */
@Command(
    name = "up",
    description =
        "Makes or completes the cluster, waits until it answers, and says what to try on it.")
final class ClusterUpCommand implements Callable<Integer> {
  @Option(
      names = "--controllers",
      paramLabel = "N",
      description = "1, 3 or 5 (default: 3, or as many as the cluster has)")
  private @Nullable Integer controllers;

  @Option(
      names = "--subnet",
      paramLabel = "CIDR",
      description =
          "of the cluster's network (default: 10.240.0.0/24 or the next that is free, or the one that"
              + " the cluster has)")
  private @Nullable String subnet;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "of the API, on 127.0.0.1, or on all addresses of an engine's host that is not this one; 0"
              + " for any that is free (default: 6443, or the one that the cluster has)")
  private @Nullable Integer port;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "180",
      description = "how long to wait until it answers (default: ${DEFAULT-VALUE})")
  private int wait = 180;

  @Option(
      names = "--recreate",
      description =
          "remove the machines that stand, with all that is stored in them, and begin anew with as"
              + " many in the same place, unless other options say otherwise",
      fallbackValue = EnvironmentDefaults.GIVEN)
  private boolean recreate;

  @Mixin private ClusterArguments cluster = new ClusterArguments();
  @Mixin private ImageArchives archives = new ImageArchives();
  @Mixin private Speech speech = new Speech();
  @Spec private @Nullable CommandSpec spec;

  ClusterUpCommand() {}

  @Override
  public Integer call() throws BakeException, IOException, InterruptedException {
    try (Console console = speech.console(Objects.requireNonNull(spec))) {
      Map<Role, BakedImage> images = new EnumMap<>(Role.class);
      for (Role role : Role.values()) {
        images.put(role, BakedImage.of(archives.find(role.recipe())));
      }
      Wish wish = Wish.parse(images, controllers, subnet, port, wait, recreate);
      try (Engine engine = Engine.connect(Optional.empty())) {
        Raised raised = cluster.in(engine, console, archives.again()).up(wish);
        console.result(summary(raised), fields(raised));
      }
    }
    return 0;
  }

  private String summary(Raised raised) {
    Path ca = shortest(raised.authority());
    Path config = shortest(raised.kubeconfig());
    return """
        %s: Kubernetes %s on %d controller%s behind a load balancer%s
          %s
          kubeconfig: %s

        Try:
          curl --cacert %s %s/version
          curl --cacert %s %s/version    # where its network is on this host
          kubectl --kubeconfig %s get componentstatuses
          docker exec %s kubectl --kubeconfig /var/lib/kubernetes/admin.kubeconfig get componentstatuses
          ./hardbake cluster status%s"""
        .formatted(
            raised.started() == 0 ? "up already" : "up after " + seconds(raised.total()),
            raised.version(),
            raised.controllers(),
            raised.controllers() == 1 ? "" : "s",
            raised.started() == 0 ? "; nothing had to be done" : "",
            raised.laps().stream()
                .map(lap -> lap.name() + " " + seconds(lap.time()))
                .collect(Collectors.joining(", ")),
            config,
            ShellWord.of(ca),
            raised.published(),
            ShellWord.of(ca),
            raised.inside(),
            ShellWord.of(config),
            raised.container(),
            cluster.again());
  }

  private static Map<String, Object> fields(Raised raised) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", raised.version());
    fields.put("controllers", raised.controllers());
    fields.put("started", raised.started());
    fields.put("ca", raised.authority().toString());
    fields.put("kubeconfig", raised.kubeconfig().toString());
    fields.put("urls", List.of(raised.published(), raised.inside()));
    Map<String, Object> laps = new LinkedHashMap<>();
    for (Lap lap : raised.laps()) {
      laps.put(lap.name(), lap.time().toMillis() / 1e3);
    }
    fields.put("seconds", laps);
    return fields;
  }

  private static String seconds(Duration time) {
    return Console.seconds(time.toNanos());
  }

  /** As a person in the current directory would type it. */
  private static Path shortest(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path whole = path.toAbsolutePath().normalize();
    return whole.startsWith(here) ? here.relativize(whole) : whole;
  }
}
