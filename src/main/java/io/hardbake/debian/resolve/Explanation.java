package io.hardbake.debian.resolve;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no answer: for each broken package the chain from the request to it, the clause that
 * does not hold, and every candidate with the reason it was refused.
 */
final class Explanation {
  private static final int DEEPEST = 6;

  private final Graph graph;
  private final List<String> lines = new ArrayList<>();
  private final Set<Option> explained = new HashSet<>();

  Explanation(Graph graph) {
    this.graph = graph;
  }

  /** Several lines, the first without indentation. */
  String text() {
    for (Target target : graph.met()) {
      Option option = target.chosen();
      if (option == null || !target.broken()) {
        continue;
      }
      lines.add(chain(target));
      explained.add(option);
      for (Clause clause : option.criticalClauses()) {
        if (!clause.holds()) {
          refused(option, clause, 1);
        }
      }
    }
    return String.join("\n", lines);
  }

  /** {@code kubelet=1 (asked for) depends on a: a=2 depends on b: b=3}. */
  private static String chain(Target target) {
    StringBuilder chain = new StringBuilder();
    Set<Target> seen = new HashSet<>();
    Target at = target;
    while (at != null && seen.add(at)) {
      Clause because = at.because();
      Target owner = because == null ? null : because.terms().get(0).owner().target();
      String why = owner == null ? " (asked for)" : "";
      chain.insert(0, named(at) + why);
      if (because != null) {
        chain.insert(0, " " + because + ": ");
      }
      at = owner;
    }
    return chain.toString().trim();
  }

  private static String named(Target target) {
    Option option = target.chosen();
    return option == null ? target.name() : option.toString();
  }

  private void refused(Option option, Clause clause, int depth) {
    line(depth, option + " " + clause);
    for (Term term : clause.terms()) {
      List<Option> options = candidates(term);
      if (clause.negative()) {
        options.stream()
            .filter(other -> other.target().chosen() == other)
            .filter(term::concerns)
            .forEach(other -> line(depth + 1, other + " is needed: " + chain(other.target())));
      } else if (options.isEmpty()) {
        line(depth + 1, term.target().name() + ": there is no such package, and none provides it");
      } else {
        options.forEach(candidate -> refused(term, candidate, depth + 1));
      }
    }
  }

  private static List<Option> candidates(Term term) {
    List<Option> options = new ArrayList<>(term.target().options());
    term.target().provisions().forEach(provision -> options.add(provision.option()));
    return options;
  }

  private void refused(Term term, Option candidate, int depth) {
    Option first = candidate.target().firstCandidate();
    if (!term.concerns(candidate)) {
      line(depth, candidate + ": does not satisfy " + term.relation());
    } else if (first != candidate && candidate.target().chosen() != candidate) {
      line(depth, candidate + ": is passed over for " + first);
    } else if (depth >= DEEPEST || !explained.add(candidate)) {
      line(depth, candidate + ": refused, see above");
    } else {
      line(depth, candidate + ": cannot be installed");
      hindrances(candidate, depth + 1);
    }
  }

  private void hindrances(Option candidate, int depth) {
    for (Clause clause : candidate.criticalClauses()) {
      if (clause.negative() ? hits(clause) != null : !clause.holds()) {
        refused(candidate, clause, depth);
      }
    }
    for (Target other : graph.met()) {
      Option chosen = other.chosen();
      if (chosen == null || other == candidate.target()) {
        continue;
      }
      for (Clause clause : chosen.criticalClauses()) {
        if (clause.negative() && clause.terms().get(0).concerns(candidate)) {
          line(depth, chosen + " " + clause + ", and is needed: " + chain(other));
        }
      }
    }
  }

  /** The chosen package that a conflict is about. */
  private static @Nullable Option hits(Clause clause) {
    Term term = clause.terms().get(0);
    return candidates(term).stream()
        .filter(other -> other.target().chosen() == other && term.concerns(other))
        .findFirst()
        .orElse(null);
  }

  private void line(int depth, String text) {
    lines.add("  ".repeat(depth) + text);
  }
}
