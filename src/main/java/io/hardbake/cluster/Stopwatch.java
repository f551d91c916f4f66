package io.hardbake.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Where the time of one {@code cluster up} went. */
final class Stopwatch {
  private final long start = System.nanoTime();
  private final List<Lap> laps = new ArrayList<>();
  private long last = start;

  /** The time since the lap before, under a name. */
  void lap(String name) {
    long now = System.nanoTime();
    laps.add(new Lap(name, Duration.ofNanos(now - last)));
    last = now;
  }

  List<Lap> laps() {
    return List.copyOf(laps);
  }
}
