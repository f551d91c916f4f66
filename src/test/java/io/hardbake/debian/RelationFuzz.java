package io.hardbake.debian;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** A relation field is refused, or reads the same again as it is written. */
public final class RelationFuzz {
  private RelationFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws MalformedControlException {
    List<Dependency> dependencies;
    try {
      dependencies = read(new String(input, StandardCharsets.UTF_8));
    } catch (MalformedControlException e) {
      return;
    }
    String written = dependencies.stream().map(Object::toString).collect(Collectors.joining(", "));
    String again = read(written).stream().map(Object::toString).collect(Collectors.joining(", "));
    if (!again.equals(written)) {
      throw new AssertionError("%s became %s".formatted(written, again));
    }
    for (Dependency dependency : dependencies) {
      for (Relation relation : dependency.alternatives()) {
        relation.constraint().ifPresent(c -> requireSelf(relation, c));
      }
    }
  }

  private static List<Dependency> read(String text) throws MalformedControlException {
    return new RelationParser(text).dependencies();
  }

  private static void requireSelf(Relation relation, Relation.Constraint constraint) {
    boolean strict =
        constraint.operator() == Relation.Operator.EARLIER
            || constraint.operator() == Relation.Operator.LATER;
    if (relation.admits(constraint.version()) == strict) {
      throw new AssertionError(relation + " is wrong about its own version");
    }
  }
}
