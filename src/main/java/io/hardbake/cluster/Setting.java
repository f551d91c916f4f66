package io.hardbake.cluster;

import io.hardbake.engine.Engine;
import io.hardbake.progress.Progress;

/** One cluster, and all that is needed to work on it. */
record Setting(
    Engine engine,
    ClusterName name,
    Passports passports,
    Progress progress,
    ApiProbe.Maker probes) {}
