package io.hardbake.debian.resolve;

import io.hardbake.debian.Relation;

/** One alternative of a clause: {@code owner} says {@code relation} about {@code target}. */
record Term(Option owner, Target target, Relation relation, boolean negative) {
  /** Whether {@code option}, by its own name, is what the relation speaks of. */
  boolean admits(Option option) {
    return !isIgnorable(option.target()) && relation.admits(option.version());
  }

  boolean admits(Target.Provision provision) {
    return !isIgnorable(provision.option().target())
        && relation.admitsProvided(provision.version());
  }

  /** Whether {@code option}, by its name or by what it provides, is what the relation speaks of. */
  boolean concerns(Option option) {
    return (option.target() == target && admits(option))
        || target.provisions().stream().anyMatch(p -> p.option() == option && admits(p));
  }

  /** A package cannot conflict with itself (Debian policy 7.4). */
  private boolean isIgnorable(Target other) {
    return negative && other == owner.target();
  }
}
