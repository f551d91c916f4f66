package io.hardbake.cluster;

import io.hardbake.engine.Engine;
import io.hardbake.progress.Progress;

/**
 * One cluster, and all that is needed to work on it.
 *
 * @param again what a command needs behind it to mean this cluster, such as {@code " --name prod"}
 */
record Setting(
    Engine engine,
    ClusterName name,
    Passports passports,
    Progress progress,
    ApiProbe.Maker probes,
    String again) {
  /** A command on this very cluster, to be typed: {@code ./hardbake cluster up --name prod}. */
  String command(String words) {
    return "./hardbake cluster " + words + again;
  }
}
