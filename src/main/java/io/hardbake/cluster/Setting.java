package io.hardbake.cluster;

import io.hardbake.engine.Engine;
import io.hardbake.progress.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * One cluster, and all that is needed to work on it.
 *
 * @param again what a command needs behind it to mean this cluster, such as {@code " --name prod"}
 * @param images what {@code up} needs besides to take the same images, such as {@code " --output
 *     out"}
 */
record Setting(
    Engine engine,
    ClusterName name,
    Passports passports,
    Progress progress,
    ApiProbe.Maker probes,
    String again,
    String images) {
  /** A command on this very cluster, to be typed: {@code ./hardbake cluster up --name prod}. */
  String command(String words) {
    return "./hardbake cluster " + words + again;
  }

  /** The command that makes this very cluster, of the images that were asked for. */
  String up(String... options) {
    List<String> words = new ArrayList<>(List.of("up"));
    words.addAll(List.of(options));
    return command(String.join(" ", words)) + images;
  }
}
