package io.hardbake.debian.resolve;

import java.util.List;
import java.util.stream.Collectors;

/** What a version asks for: one of the terms or, where negative, none of them. */
record Clause(Kind kind, List<Term> terms) {
  enum Kind {
    PRE_DEPENDS("pre-depends on"),
    DEPENDS("depends on"),
    CONFLICTS("conflicts with"),
    BREAKS("breaks"),
    RECOMMENDS("recommends"),
    SUGGESTS("suggests");

    private final String verb;

    Kind(String verb) {
      this.verb = verb;
    }

    boolean negative() {
      return this == CONFLICTS || this == BREAKS;
    }

    /** Whether a package is broken without it. */
    boolean critical() {
      return this != RECOMMENDS && this != SUGGESTS;
    }
  }

  Clause {
    terms = List.copyOf(terms);
  }

  boolean negative() {
    return kind.negative();
  }

  /** Whether what is chosen satisfies it. */
  boolean holds() {
    return terms.stream().anyMatch(term -> term.target().isChosen(term)) != negative();
  }

  /** Whether what could be chosen would do; of negative ones, whether it would do no harm. */
  boolean couldHold() {
    return terms.stream().anyMatch(term -> term.target().isCandidate(term)) != negative();
  }

  /** {@code depends on a | b (>= 2)}. */
  @Override
  public String toString() {
    return kind.verb
        + " "
        + terms.stream().map(t -> t.relation().toString()).collect(Collectors.joining(" | "));
  }
}
