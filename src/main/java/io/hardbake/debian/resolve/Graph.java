package io.hardbake.debian.resolve;

import io.hardbake.debian.PackageIndex;
import io.hardbake.debian.Relation;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The index as relations between targets, made as far as someone looks at it. For one resolution.
 */
final class Graph {
  private final PackageIndex index;
  private final Map<String, Target> targets = new HashMap<>();

  Graph(PackageIndex index) {
    this.index = index;
  }

  /** The target of that name, which may have neither options nor provisions. */
  Target target(String name) {
    Target known = targets.get(name);
    if (known == null) {
      known = new Target(this, name);
      targets.put(name, known);
    }
    return known;
  }

  Target target(Relation relation) {
    return target(index.target(relation));
  }

  /** Everything looked at so far, in the order in which apt numbers packages. */
  List<Target> met() {
    Collection<Target> all = targets.values();
    return all.stream()
        .sorted(Comparator.comparingInt(Target::rank).thenComparing(Target::name))
        .toList();
  }

  PackageIndex index() {
    return index;
  }
}
