package io.hardbake.tree;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries by path, in two maps: one has the order, the other answers the many questions for a
 * single path, for which an ordered map would compare a dozen long paths each.
 */
final class Entries {
  private final NavigableMap<AbsolutePath, Entry> inOrder;
  private final Map<AbsolutePath, Entry> byPath;

  Entries() {
    inOrder = new TreeMap<>();
    byPath = new HashMap<>();
  }

  private Entries(Entries others) {
    inOrder = new TreeMap<>(others.inOrder);
    byPath = new HashMap<>(others.byPath);
  }

  Entries copy() {
    return new Entries(this);
  }

  @Nullable Entry get(AbsolutePath path) {
    return byPath.get(path);
  }

  boolean contains(AbsolutePath path) {
    return byPath.containsKey(path);
  }

  void put(AbsolutePath path, Entry entry) {
    if (byPath.put(path, entry) != entry) {
      inOrder.put(path, entry);
    }
  }

  void remove(AbsolutePath path) {
    if (byPath.remove(path) != null) {
      inOrder.remove(path);
    }
  }

  /** For reading alone: changes go through this class. */
  NavigableMap<AbsolutePath, Entry> inOrder() {
    return inOrder;
  }
}
