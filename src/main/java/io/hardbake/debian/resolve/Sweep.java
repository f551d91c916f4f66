package io.hardbake.debian.resolve;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Takes back what was marked on the way to nowhere: what neither the user nor, over any chain of
 * depends, recommends or suggests, anything the user asked for wants. This is apt's autoremover for
 * packages that are not installed yet.
 */
final class Sweep {
  private final Graph graph;
  private final Marker marker;

  Sweep(Graph graph, Marker marker) {
    this.graph = graph;
    this.marker = marker;
  }

  void run() {
    Set<Target> needed = needed();
    for (Target target : graph.met()) {
      if (target.marked() && !needed.contains(target)) {
        marker.remove(target);
      }
    }
  }

  private Set<Target> needed() {
    Set<Target> needed = new HashSet<>();
    Deque<Target> left = new ArrayDeque<>();
    for (Target target : graph.met()) {
      boolean root =
          !target.automatic() || target.isProtected() || target.essential() || target.important();
      if (target.marked() && root && needed.add(target)) {
        left.add(target);
      }
    }
    while (!left.isEmpty()) {
      Option option = left.remove().chosen();
      if (option == null) {
        continue;
      }
      for (Clause clause : option.clauses()) {
        if (!clause.negative()) {
          clause.terms().forEach(term -> follow(term, needed, left));
        }
      }
    }
    return needed;
  }

  private static void follow(Term term, Set<Target> needed, Deque<Target> left) {
    Option own = term.target().chosen();
    if (own != null && term.admits(own) && needed.add(own.target())) {
      left.add(own.target());
    }
    for (Target.Provision provision : term.target().provisions()) {
      Target owner = provision.option().target();
      if (owner.chosen() == provision.option() && term.admits(provision) && needed.add(owner)) {
        left.add(owner);
      }
    }
  }
}
