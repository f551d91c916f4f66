package io.hardbake.artifact;

import io.hardbake.tree.AbsolutePath;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where two outputs differ, down to path and attribute.
 *
 * @param packages by name
 * @param facts by name
 * @param layers from the bottom up; equal ones are not among them
 * @param paths in path order, the root's before those of the EFI system partition
 * @param bytes where the first bytes differ, in words; only where nothing else does
 */
public record Difference(
    List<ValueChange> packages,
    List<ValueChange> facts,
    List<ValueChange> layers,
    List<PathChange> paths,
    Optional<String> bytes) {
  public Difference {
    packages = List.copyOf(packages);
    facts = List.copyOf(facts);
    layers = List.copyOf(layers);
    paths = List.copyOf(paths);
  }

  static Difference none() {
    return new Difference(List.of(), List.of(), List.of(), List.of(), Optional.empty());
  }

  public boolean isEmpty() {
    return packages.isEmpty()
        && facts.isEmpty()
        && layers.isEmpty()
        && paths.isEmpty()
        && bytes.isEmpty();
  }

  /** What happened on the way from the first output to the second. */
  public enum Event {
    ADDED,
    REMOVED,
    CHANGED
  }

  /** A value, of which at least one side is there. */
  public record Change(Optional<String> before, Optional<String> after) {
    Event event() {
      if (before.isEmpty()) {
        return Event.ADDED;
      }
      return after.isEmpty() ? Event.REMOVED : Event.CHANGED;
    }
  }

  /** Something with a name, and its value on both sides. */
  public record ValueChange(String name, Change change) {
    public Event event() {
      return change.event();
    }
  }

  /**
   * A path.
   *
   * @param tree {@code root} or {@code efi}
   * @param attributes those that differ, by name; of a path that only one side has, all
   * @param excerpt the lines that differ, of a small text
   */
  public record PathChange(
      String tree,
      AbsolutePath path,
      Event event,
      Map<String, Change> attributes,
      List<String> excerpt) {
    public PathChange {
      attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
      excerpt = List.copyOf(excerpt);
    }
  }
}
