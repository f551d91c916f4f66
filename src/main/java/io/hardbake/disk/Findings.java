package io.hardbake.disk;

import io.hardbake.image.Finding;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with a disk while it is read. Keeps the first {@value #MAX}, for a damaged
 * disk can have a finding for every block. Safe for use by several threads.
 */
public final class Findings {
  private static final int MAX = 200;

  private static final String REMEDY = "copy or bake the disk anew; this one was changed";

  private final List<Finding> first = new ArrayList<>();
  private long count;

  /** A part of the disk is not what was baked. */
  public void add(String rule, String where, String problem) {
    add(new Finding(rule, where, problem, REMEDY));
  }

  public synchronized void add(Finding finding) {
    count++;
    if (first.size() < MAX) {
      first.add(finding);
    }
  }

  /** The first ones, in the order in which they came, and how many more there were. */
  public synchronized List<Finding> list() {
    List<Finding> list = new ArrayList<>(first);
    if (count > list.size()) {
      list.add(
          new Finding("too-many", "the disk", (count - list.size()) + " further problems", REMEDY));
    }
    return List.copyOf(list);
  }
}
