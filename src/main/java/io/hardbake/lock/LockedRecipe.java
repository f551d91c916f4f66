package io.hardbake.lock;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A recipe's share of the packages, its parents' included. A role's machine has one of its own,
 * {@code controller+machine}; what boot loaders are made of stands under {@code +boot}, and is not
 * installed.
 *
 * @param requested the packages that recipes name, and the essential ones: apt's manual mark by the
 *     names that they bear, whatever else they provide
 * @param packages all packages of the closure
 */
public record LockedRecipe(SortedSet<String> requested, SortedSet<String> packages) {
  public LockedRecipe {
    requested = Collections.unmodifiableSortedSet(new TreeSet<>(requested));
    packages = Collections.unmodifiableSortedSet(new TreeSet<>(packages));
    if (!packages.containsAll(requested)) {
      SortedSet<String> others = new TreeSet<>(requested);
      others.removeAll(packages);
      throw new IllegalArgumentException("requested, but not among the packages: " + others);
    }
  }
}
