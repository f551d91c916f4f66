package io.hardbake.debian.resolve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Marks packages for installation, depth first: what satisfies a clause already stays, else the
 * first alternative that can be installed is. This is apt's MarkInstall where nothing is installed
 * yet.
 */
final class Marker {
  /** Deeper than any honest chain of dependencies. */
  private static final int DEEPEST = 3000;

  /** Marks what the user asked for, without looking at what it needs. */
  void ask(Target target, Option option) {
    if (target.candidate() != option) {
      target.candidate(option);
      target.update();
    }
    target.isProtected(true);
    install(target, false, 0, true, null);
  }

  /** Marks what an asked package needs; what fails is left broken, for {@link Repair}. */
  void complete(Target target) {
    install(target, true, 0, true, null);
  }

  /** Marks for the sake of another package. */
  boolean install(Target target, boolean deep, int depth, @Nullable Clause because) {
    return install(target, deep, depth, false, because);
  }

  /**
   * @param deep whether what it needs is marked as well
   * @param asked whether the user wants it
   */
  private boolean install(
      Target target, boolean deep, int depth, boolean asked, @Nullable Clause because) {
    boolean changeable = asked || target.marked() || !target.isProtected();
    Option option = target.candidate();
    if (depth > DEEPEST || !changeable || option == null) {
      return false;
    }
    if (!target.isProtected() && target.marked() && !target.broken()) {
      return true;
    }
    if (deep && !installable(target, option)) {
      return false;
    }
    if (because != null) {
      target.because(because);
    }
    if (asked) {
      choose(target, option, true);
    }
    return deep
        ? installDeep(target, option, depth, asked)
        : chooseUnlessAsked(target, option, asked);
  }

  private boolean chooseUnlessAsked(Target target, Option option, boolean asked) {
    if (!asked) {
      choose(target, option, false);
    }
    return true;
  }

  private boolean installDeep(Target target, Option option, int depth, boolean asked) {
    boolean wasProtected = target.isProtected();
    // What nobody insists on is given up at the first failure; the rest is left broken.
    boolean insisted = wasProtected || asked;
    List<Clause> wanted = new ArrayList<>();
    List<Clause> unwanted = new ArrayList<>();
    for (Clause clause : option.criticalClauses()) {
      if (wasProtected || !clause.holds()) {
        (clause.negative() ? unwanted : wanted).add(clause);
      }
    }
    boolean fine = keepAway(unwanted, wasProtected, asked);
    if (!fine && !insisted) {
      return false;
    }
    if (!asked) {
      choose(target, option, false);
    }
    target.isProtected(true); // Nothing below may unmark it while it is being completed.
    fine &= installAll(wanted, depth, wasProtected, asked);
    target.isProtected(wasProtected);
    if (!fine && !insisted) {
      giveUp(target);
      return false;
    }
    return fine;
  }

  /** Whether every dependency could still be met; if not, the candidate is none any more. */
  private static boolean installable(Target target, Option option) {
    for (Clause clause : option.criticalClauses()) {
      if (clause.negative() || clause.holds() || clause.couldHold()) {
        continue;
      }
      if (!target.isProtected()) {
        target.candidate(null);
        target.marked(false);
      }
      return false;
    }
    return true;
  }

  private static void choose(Target target, Option option, boolean asked) {
    if (target.isProtected() && target.chosen() == option) {
      return;
    }
    target.marked(true);
    target.chosen(option);
    target.automatic(!asked);
    target.update();
  }

  private static void giveUp(Target target) {
    target.chosen(null);
    target.marked(false);
    target.update();
    target.candidate(null);
  }

  /** Unmarks what conflicts, where that may be. */
  private boolean keepAway(List<Clause> unwanted, boolean isProtected, boolean asked) {
    boolean fine = true;
    for (Clause clause : unwanted) {
      for (Option other : solutions(clause)) {
        Target target = other.target();
        if (target.candidate() != other) {
          continue;
        }
        if (target.marked() && !keep(target)) {
          fine = false;
          if (!isProtected && !asked) {
            return false;
          }
        } else if (isProtected) {
          target.candidate(target.chosen());
          target.isProtected(true);
        }
      }
    }
    return fine;
  }

  private boolean installAll(List<Clause> wanted, int depth, boolean isProtected, boolean asked) {
    boolean fine = true;
    for (Clause clause : wanted) {
      if (clause.holds()) {
        fine &= !isProtected || protectTheOnly(clause, depth);
      } else if (!installOne(clause, depth, isProtected)) {
        fine = false;
        if (!isProtected && !asked) {
          return false;
        }
      }
    }
    return fine;
  }

  /** What satisfies a protected package's clause alone is needed as much as that package. */
  private boolean protectTheOnly(Clause clause, int depth) {
    List<Option> solutions = solutions(clause);
    if (solutions.size() != 1 || solutions.get(0).target().isProtected()) {
      return true;
    }
    Target only = solutions.get(0).target();
    only.isProtected(true);
    return install(only, true, depth + 1, clause);
  }

  private boolean installOne(Clause clause, int depth, boolean isProtected) {
    List<Option> solutions = solutions(clause);
    for (Option solution : solutions) {
      Target target = solution.target();
      if (target.candidate() != solution) {
        continue;
      }
      if (isProtected && solutions.size() == 1) {
        if (!install(target, false, depth + 1, clause)) {
          continue;
        }
        target.isProtected(true);
      }
      if (install(target, true, depth + 1, clause)) {
        return true;
      }
    }
    return false;
  }

  /** Unmarks; false when that may not be. */
  boolean keep(Target target) {
    if (!target.marked()) {
      return true;
    }
    if (target.isProtected()) {
      return false;
    }
    unmark(target);
    return true;
  }

  /** Unmarks for good reason; false when it is essential or was asked for. */
  boolean remove(Target target) {
    if (target.isProtected() || target.essential() || target.important()) {
      return false;
    }
    if (target.chosen() != null) {
      if (!target.automatic()) {
        return false;
      }
      unmark(target);
    }
    return true;
  }

  private static void unmark(Target target) {
    target.marked(false);
    target.chosen(null);
    target.update();
  }

  /**
   * The candidates that satisfy a clause (or, of a negative one, violate it): by alternative, and
   * within one the package of that name before those that provide it, by apt's preference.
   */
  private static List<Option> solutions(Clause clause) {
    Set<Option> all = new LinkedHashSet<>();
    for (Term term : clause.terms()) {
      Target target = term.target();
      if (!target.isCandidate(term)) {
        continue;
      }
      List<Option> found = new ArrayList<>();
      Option own = target.candidate();
      if (own != null && term.admits(own)) {
        found.add(own);
      }
      for (Target.Provision provision : target.provisions()) {
        Option option = provision.option();
        if (option.target().candidate() == option && term.admits(provision)) {
          found.add(option);
        }
      }
      found.sort(preference(target));
      all.addAll(found);
    }
    if (!clause.negative()) {
      all.removeIf(option -> option.target().isProtected() && !option.target().marked());
    }
    return List.copyOf(all);
  }

  private static Comparator<Option> preference(Target target) {
    return Comparator.comparing((Option option) -> !option.target().isProtected())
        .thenComparing(option -> option.target() != target)
        .thenComparing(option -> !option.target().essential())
        .thenComparing(option -> !option.target().important())
        .thenComparing(Option::priority)
        .thenComparing(option -> -option.target().rank());
  }
}
