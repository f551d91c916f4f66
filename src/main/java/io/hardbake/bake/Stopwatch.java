package io.hardbake.bake;

import io.hardbake.failure.BakeException;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Times the steps of a bake, and tells of each. */
final class Stopwatch {
  private final Progress progress;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  Stopwatch(Progress progress) {
    this.progress = progress;
  }

  /** Something that takes its time. */
  @FunctionalInterface
  interface Step<R> {
    R run() throws BakeException, IOException, InterruptedException;
  }

  <R> R time(String name, Step<R> step) throws BakeException, IOException, InterruptedException {
    long start = System.nanoTime();
    Progress.Task task = progress.begin(name, Size.ZERO);
    try {
      return step.run();
    } finally {
      task.close();
      double took = Math.round((System.nanoTime() - start) / 1e6) / 1e3;
      synchronized (seconds) {
        seconds.merge(name, took, Double::sum);
      }
    }
  }

  /** Steps in the order in which they ended. */
  Map<String, Double> seconds() {
    synchronized (seconds) {
      return Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
    }
  }
}
