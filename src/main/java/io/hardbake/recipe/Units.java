package io.hardbake.recipe;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Units by full name, such as {@code nginx.service}. No unit is in two sets.
 *
 * @param enable linked where their {@code [Install]} section says
 * @param disable such links taken away, which a package's own scripts asked for
 * @param mask linked to {@code /dev/null}
 */
public record Units(SortedSet<String> enable, SortedSet<String> disable, SortedSet<String> mask) {
  /** Nothing to change. */
  public static final Units NONE = new Units(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());

  public Units {
    enable = Collections.unmodifiableSortedSet(new TreeSet<>(enable));
    disable = Collections.unmodifiableSortedSet(new TreeSet<>(disable));
    mask = Collections.unmodifiableSortedSet(new TreeSet<>(mask));
  }

  /** These units and those of {@code later}, whose word on a unit is the last. */
  Units and(Units later) {
    return new Units(
        without(enable, later.disable, later.mask, later.enable),
        without(disable, later.enable, later.mask, later.disable),
        without(mask, later.enable, later.disable, later.mask));
  }

  private static SortedSet<String> without(
      SortedSet<String> earlier,
      SortedSet<String> removed,
      SortedSet<String> alsoRemoved,
      SortedSet<String> added) {
    SortedSet<String> result = new TreeSet<>(earlier);
    result.removeAll(removed);
    result.removeAll(alsoRemoved);
    result.addAll(added);
    return result;
  }
}
