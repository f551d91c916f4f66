package io.hardbake.debian.resolve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Mends what marking left broken: from the package that most others lean on to the least, each is
 * either given what it lacks or given up itself. This is apt's problem resolver where nothing is
 * installed yet.
 */
final class Repair {
  private static final int ROUNDS = 20;

  /** What apt gives to essential packages, to their kin, and to what was asked for. */
  private static final int ESSENTIAL = 100;

  private static final int ADDED_FOR_ESSENTIAL = 5000;
  private static final int ADDED_FOR_ASKED = 10000;

  /** By priority: none, required, important, standard, optional, extra. */
  private static final int[] BY_PRIORITY = {0, 3, 2, 1, -1, -2};

  private final Graph graph;
  private final Marker marker;
  private final Set<Target> asked;
  private final Set<Target> tried = new HashSet<>();
  private final Map<Target, Integer> scores = new HashMap<>();
  private boolean changed;

  Repair(Graph graph, Marker marker, Set<Target> asked) {
    this.graph = graph;
    this.marker = marker;
    this.asked = asked;
  }

  /** Whether nothing is broken any more. */
  boolean run() {
    if (nothingBroken()) {
      return true;
    }
    score();
    List<Target> order =
        graph.met().stream()
            .sorted(Comparator.comparingInt((Target target) -> -score(target)))
            .toList();
    changed = true;
    for (int round = 0; round < ROUNDS && changed; round++) {
      changed = false;
      for (Target target : order) {
        if (target.broken()) {
          mend(target, round);
        }
      }
    }
    return nothingBroken();
  }

  private boolean nothingBroken() {
    return graph.met().stream().noneMatch(Target::broken);
  }

  private int score(Target target) {
    return scores.getOrDefault(target, 0);
  }

  private void add(Target target, int points) {
    scores.merge(target, points, Integer::sum);
  }

  private void score() {
    List<Target> chosen = graph.met().stream().filter(t -> t.chosen() != null).toList();
    chosen.forEach(this::scoreItself);
    Map<Target, Integer> first = new HashMap<>(scores);
    for (Target target : chosen) {
      inherit(target, first);
    }
    transferToProviders(first);
    for (Target target : graph.met()) {
      if (asked.contains(target)) {
        add(target, ADDED_FOR_ASKED);
      }
      if (target.essential() || target.important()) {
        add(target, ADDED_FOR_ESSENTIAL);
      }
    }
  }

  private void scoreItself(Target target) {
    Option option = target.chosen();
    if (option == null) {
      return;
    }
    if (target.essential() || target.important()) {
      add(target, ESSENTIAL);
    }
    add(target, BY_PRIORITY[option.priority()]);
    for (Clause clause : option.clauses()) {
      if (clause.kind() != Clause.Kind.SUGGESTS) {
        int points = clause.negative() ? -1 : 1;
        clause.terms().forEach(term -> scoreTerm(term, points));
      }
    }
  }

  private void scoreTerm(Term term, int points) {
    Target target = term.target();
    if (!(term.negative() && target == term.owner().target())) {
      Option option = target.chosen();
      boolean versioned = term.relation().constraint().isPresent();
      if (versioned && (option == null || !term.admits(option))) {
        return;
      }
      add(target, points);
    }
    chosenProviders(target, term).forEach(owner -> add(owner, points));
  }

  private static Set<Target> chosenProviders(Target target, Term term) {
    Set<Target> owners = new HashSet<>();
    for (Target.Provision provision : target.provisions()) {
      Target owner = provision.option().target();
      if (owner.chosen() == provision.option() && term.admits(provision)) {
        owners.add(owner);
      }
    }
    return owners;
  }

  /** What leans on a package lends it its own weight. */
  private void inherit(Target from, Map<Target, Integer> first) {
    int weight = first.getOrDefault(from, 0);
    Option option = from.chosen();
    if (weight <= 0 || option == null) {
      return;
    }
    for (Clause clause : option.clauses()) {
      if (!clause.negative() && clause.kind() != Clause.Kind.SUGGESTS) {
        clause.terms().stream()
            .map(Term::target)
            .filter(target -> target.chosen() != null)
            .forEach(target -> add(target, weight));
      }
    }
  }

  private void transferToProviders(Map<Target, Integer> first) {
    for (Target target : graph.met()) {
      int transfer = Math.abs(score(target) - first.getOrDefault(target, 0));
      Set<Target> owners = new HashSet<>();
      for (Target.Provision provision : target.provisions()) {
        Target owner = provision.option().target();
        if (owner.chosen() == provision.option()) {
          owners.add(owner);
        }
      }
      owners.forEach(owner -> add(owner, transfer));
    }
  }

  /** Looks at each clause that does not hold until one was dealt with. */
  private void mend(Target target, int round) {
    Option option = target.chosen();
    if (option == null) {
      return;
    }
    List<Target> unwanted = new ArrayList<>();
    for (Clause clause : option.criticalClauses()) {
      if (clause.holds()) {
        continue;
      }
      boolean done =
          clause.negative()
              ? mendConflict(target, clause, unwanted)
              : mendDependency(target, clause);
      if (done) {
        break;
      }
    }
    if (target.chosen() != null) {
      unwanted.forEach(other -> giveUp(target, other, round));
    }
  }

  /** True when the target itself was given up for it. */
  private boolean mendConflict(Target target, Clause clause, List<Target> unwanted) {
    Term term = clause.terms().get(0);
    for (Option other : everything(term)) {
      Target rival = other.target();
      if (rival.chosen() != other) {
        continue;
      }
      if (score(target) <= score(rival)) {
        if (target.isProtected()) {
          if (upgrade(rival)) {
            scores.merge(rival, score(target), Math::min);
            break;
          }
          continue;
        }
        marker.keep(target);
        changed = true;
        return true;
      }
      if (clause.kind() == Clause.Kind.BREAKS && clause.couldHold()) {
        marker.install(rival, false, 0, clause);
        continue;
      }
      if (!rival.isProtected()) {
        unwanted.add(rival);
      }
    }
    return false;
  }

  /** True when the target itself was given up for it. */
  private boolean mendDependency(Target target, Clause clause) {
    boolean inGroup = clause.terms().size() > 1;
    boolean givenUp = false;
    for (Term term : clause.terms()) {
      if (clause.holds()) {
        return false;
      }
      List<Option> solutions = everything(term);
      if (target.isProtected()) {
        for (Option solution : solutions) {
          if (upgrade(solution.target())) {
            scores.merge(solution.target(), score(target), Math::min);
            break;
          }
        }
        continue;
      }
      if (solutions.isEmpty() && inGroup) {
        continue;
      }
      marker.keep(target);
      changed = true;
      givenUp = true;
      if (inGroup) {
        marker.install(target, false, 0, clause);
      } else {
        return true;
      }
    }
    if (givenUp || (inGroup && !target.isProtected() && !clause.holds())) {
      marker.keep(target);
      changed = true;
      return true;
    }
    return false;
  }

  private void giveUp(Target target, Target rival, int round) {
    boolean kept = marker.keep(rival);
    if ((!kept || round > 1) && score(target) > score(rival)) {
      scores.put(rival, score(target));
      changed = true;
    }
    changed |= kept;
  }

  /** All versions, wanted or not, that a term speaks of: its target's own, then providers'. */
  private static List<Option> everything(Term term) {
    List<Option> all = new ArrayList<>();
    term.target().options().stream().filter(term::admits).forEach(all::add);
    List<Target.Provision> provisions = term.target().provisions();
    for (int i = provisions.size() - 1; i >= 0; i--) {
      if (term.admits(provisions.get(i))) {
        all.add(provisions.get(i).option());
      }
    }
    return all;
  }

  /** Marks a package once more, with what it lacks; undone when that fails. */
  private boolean upgrade(Target target) {
    if (target.candidate() == null || asked.contains(target) || !tried.add(target)) {
      return false;
    }
    boolean wasMarked = target.marked();
    if (!marker.install(target, false, 0, null)) {
      return false;
    }
    Option option = target.chosen();
    if (option == null) {
      return false;
    }
    for (Clause clause : option.criticalClauses()) {
      if (!upgradeFor(clause)) {
        if (wasMarked) {
          marker.remove(target);
        } else {
          marker.keep(target);
        }
        return false;
      }
    }
    return true;
  }

  private boolean upgradeFor(Clause clause) {
    boolean fine = true;
    for (Term term : clause.terms()) {
      if (clause.holds()) {
        return fine;
      }
      Target target = smartTarget(term);
      if (target.isProtected()) {
        fine = false;
      } else if (target.isCandidate(term) != clause.negative()) {
        if (upgrade(target)) {
          return true;
        }
        fine = false;
      } else if (clause.negative()) {
        return fine;
      } else {
        fine = false;
      }
    }
    return fine;
  }

  /** The package itself, or the first provider of a name that no package bears. */
  private static Target smartTarget(Term term) {
    Target target = term.target();
    if (!target.options().isEmpty()) {
      return target;
    }
    List<Target.Provision> provisions = target.provisions();
    for (int i = provisions.size() - 1; i >= 0; i--) {
      Target owner = provisions.get(i).option().target();
      if (owner != term.owner().target()) {
        return owner;
      }
    }
    return target;
  }
}
