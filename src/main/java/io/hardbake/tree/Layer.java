package io.hardbake.tree;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A change to a tree: entries to add or replace, and paths to remove, in path order.
 *
 * @param name what people call the layer: {@code packages:base}, {@code kubernetes}, {@code
 *     configuration}
 * @param entries what the layer adds, its parent directories included
 * @param removals what the layer removes from the layers below (OCI whiteouts)
 */
public record Layer(
    String name, NavigableMap<AbsolutePath, Entry> entries, NavigableSet<AbsolutePath> removals) {

  public Layer {
    entries = Collections.unmodifiableNavigableMap(new TreeMap<>(entries));
    removals = Collections.unmodifiableNavigableSet(new TreeSet<>(removals));
  }

  public boolean isEmpty() {
    return entries.isEmpty() && removals.isEmpty();
  }
}
