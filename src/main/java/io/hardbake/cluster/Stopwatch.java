package io.hardbake.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Where the time of one {@code cluster up} went. */
final class Stopwatch {
  private final List<Lap> laps = new ArrayList<>();
  private long last = System.nanoTime();

  /** The time since the lap before, under a name. */
  void lap(String name) {
    long now = System.nanoTime();
    laps.add(new Lap(name, Duration.ofNanos(now - last)));
    last = now;
  }

  /** Tells the last lap's beginning apart under a name of its own. */
  void tellApart(String name, Duration beginning) {
    Lap whole = laps.remove(laps.size() - 1);
    Duration part = beginning.compareTo(whole.time()) < 0 ? beginning : whole.time();
    laps.add(new Lap(name, part));
    laps.add(new Lap(whole.name(), whole.time().minus(part)));
  }

  List<Lap> laps() {
    return List.copyOf(laps);
  }
}
