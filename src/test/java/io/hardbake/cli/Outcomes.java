package io.hardbake.cli;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many faults ended how, for the table in docs/faults.md. */
final class Outcomes {
  private final SortedMap<String, Integer> counts = new TreeMap<>();

  synchronized void add(String outcome, int count) {
    counts.merge(outcome, count, Integer::sum);
  }

  synchronized SortedMap<String, Integer> counts() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  int of(String outcome) {
    return counts().getOrDefault(outcome, 0);
  }

  int total() {
    return counts().values().stream().mapToInt(count -> count).sum();
  }

  /** A line for each, as the table has them. */
  void print(String what) {
    counts().forEach((outcome, count) -> System.out.println(what + ": " + count + " × " + outcome));
  }

  @Override
  public String toString() {
    return counts().toString();
  }
}
