package io.hardbake.debian;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Alternatives of which one must hold, in the order of preference: {@code a | b (>= 2)}. */
public record Dependency(List<Relation> alternatives) {
  public Dependency {
    if (alternatives.isEmpty()) {
      throw new IllegalArgumentException("a dependency without alternatives");
    }
    alternatives = List.copyOf(alternatives);
  }

  /** Reads a whole field: dependencies separated by commas. An empty field has none. */
  public static List<Dependency> parseAll(String field) throws MalformedControlException {
    return new RelationParser(field).dependencies();
  }

  /** Reads a field in which alternatives have no place: Conflicts, Breaks, Replaces, Provides. */
  public static List<Relation> parseRelations(String field) throws MalformedControlException {
    List<Relation> relations = new ArrayList<>();
    for (Dependency dependency : parseAll(field)) {
      if (dependency.alternatives.size() > 1) {
        throw new MalformedControlException("alternatives have no place here: " + dependency);
      }
      relations.add(dependency.alternatives.get(0));
    }
    return relations;
  }

  /** As deb-control(5) writes it. */
  @Override
  public String toString() {
    return alternatives.stream().map(Relation::toString).collect(Collectors.joining(" | "));
  }
}
