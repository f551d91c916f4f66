package io.hardbake.settle;

import java.util.EnumSet;
import java.util.Set;

/** The registers of a machine in the making, which its packages' scripts write in. */
final class Installation {
  private final Accounts accounts;
  private final Alternatives alternatives = new Alternatives();
  private final StatOverrides statOverrides = new StatOverrides();
  private final UcfRegistry ucf = new UcfRegistry();
  private final Set<Finisher> finishers = EnumSet.noneOf(Finisher.class);

  Installation(Accounts accounts) {
    this.accounts = accounts;
  }

  Accounts accounts() {
    return accounts;
  }

  Alternatives alternatives() {
    return alternatives;
  }

  StatOverrides statOverrides() {
    return statOverrides;
  }

  UcfRegistry ucf() {
    return ucf;
  }

  void finishLater(Finisher finisher) {
    finishers.add(finisher);
  }

  boolean wants(Finisher finisher) {
    return finishers.contains(finisher);
  }
}
