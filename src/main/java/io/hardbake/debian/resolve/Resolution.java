package io.hardbake.debian.resolve;

import io.hardbake.debian.BinaryPackage;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What has to be installed for a request.
 *
 * @param packages all of it, by name
 * @param requested the names that were asked for; the essential ones are among them only where the
 *     request says so
 */
public record Resolution(List<BinaryPackage> packages, SortedSet<String> requested) {
  public Resolution {
    packages = packages.stream().sorted(Comparator.comparing(BinaryPackage::name)).toList();
    requested = Collections.unmodifiableSortedSet(new TreeSet<>(requested));
  }

  /** What came only because something else needs it, or because it is essential. */
  public SortedSet<String> automatic() {
    SortedSet<String> names = new TreeSet<>();
    packages.forEach(p -> names.add(p.name()));
    names.removeAll(requested);
    return Collections.unmodifiableSortedSet(names);
  }

  public Set<String> names() {
    SortedSet<String> names = new TreeSet<>();
    packages.forEach(p -> names.add(p.name()));
    return Collections.unmodifiableSortedSet(names);
  }
}
