package io.hardbake.debian.resolve;

import io.hardbake.debian.BinaryPackage;
import io.hardbake.debian.DebVersion;
import io.hardbake.debian.Dependency;
import io.hardbake.debian.Relation;
import io.hardbake.debian.Relations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One version of a package, as something to choose. Equal only to itself. */
final class Option {
  /** Policy 2.5; 0 is none at all, and what nobody knows counts as extra. */
  private static final Map<String, Integer> PRIORITIES =
      Map.of("", 0, "required", 1, "important", 2, "standard", 3, "optional", 4, "extra", 5);

  private final Graph graph;
  private final Target target;
  private final BinaryPackage binary;
  private @Nullable List<Clause> clauses;

  Option(Graph graph, Target target, BinaryPackage binary) {
    this.graph = graph;
    this.target = target;
    this.binary = binary;
  }

  Target target() {
    return target;
  }

  BinaryPackage binary() {
    return binary;
  }

  DebVersion version() {
    return binary.version();
  }

  /** From 1, required, to 5, extra. */
  int priority() {
    return PRIORITIES.getOrDefault(binary.paragraph().get("Priority").orElse(""), 5);
  }

  /** In the order of apt's cache, which is the order in which they are met. */
  List<Clause> clauses() {
    List<Clause> known = clauses;
    if (known == null) {
      Relations relations = binary.relations();
      known = new ArrayList<>();
      positive(known, Clause.Kind.PRE_DEPENDS, relations.preDepends());
      positive(known, Clause.Kind.DEPENDS, relations.depends());
      negative(known, Clause.Kind.CONFLICTS, relations.conflicts());
      negative(known, Clause.Kind.BREAKS, relations.breaks());
      positive(known, Clause.Kind.RECOMMENDS, relations.recommends());
      positive(known, Clause.Kind.SUGGESTS, relations.suggests());
      clauses = known;
    }
    return known;
  }

  /** Those without which the package is broken. */
  List<Clause> criticalClauses() {
    return clauses().stream().filter(clause -> clause.kind().critical()).toList();
  }

  private void positive(List<Clause> to, Clause.Kind kind, List<Dependency> dependencies) {
    for (Dependency dependency : dependencies) {
      to.add(
          new Clause(kind, dependency.alternatives().stream().map(r -> term(r, false)).toList()));
    }
  }

  private void negative(List<Clause> to, Clause.Kind kind, List<Relation> relations) {
    for (Relation relation : relations) {
      to.add(new Clause(kind, List.of(term(relation, true))));
    }
  }

  private Term term(Relation relation, boolean negative) {
    return new Term(this, graph.target(relation), relation, negative);
  }

  /** {@code name=version}. */
  @Override
  public String toString() {
    return binary.toString();
  }
}
