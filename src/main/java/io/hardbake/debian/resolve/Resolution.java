package io.hardbake.debian.resolve;

import io.hardbake.debian.BinaryPackage;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What has to be installed for a request.
 *
 * @param packages all of it, by name
 * @param answers the name of the package that each word of the request came to mean: another than
 *     the word where that is a name that the package provides; the essential ones are among them
 *     only where the request says so
 */
public record Resolution(List<BinaryPackage> packages, SortedMap<String, String> answers) {
  public Resolution {
    packages = packages.stream().sorted(Comparator.comparing(BinaryPackage::name)).toList();
    answers = Collections.unmodifiableSortedMap(new TreeMap<>(answers));
  }

  /** The names of the packages that were asked for. */
  public SortedSet<String> requested() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(answers.values()));
  }

  /**
   * The name of the package that this word of the request came to mean.
   *
   * @throws IllegalArgumentException if the request has no such word
   */
  public String answer(String word) {
    String name = answers.get(word);
    if (name == null) {
      throw new IllegalArgumentException("nobody asked for " + word);
    }
    return name;
  }

  public Set<String> names() {
    SortedSet<String> names = new TreeSet<>();
    packages.forEach(p -> names.add(p.name()));
    return Collections.unmodifiableSortedSet(names);
  }
}
