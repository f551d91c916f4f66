package io.hardbake.debian.resolve;

import io.hardbake.debian.BinaryPackage;
import io.hardbake.debian.DebVersion;
import io.hardbake.debian.PackageIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A name that relations point at: its own versions, those that provide it, and the marks of the
 * resolution under way. Equal only to itself.
 *
 * <p>A term is judged by what was true when its target was last {@linkplain #refresh refreshed}, as
 * apt does: dropping a candidate alone refreshes nothing, and apt's choices depend on that.
 */
final class Target {
  private final Graph graph;
  private final String name;
  private @Nullable List<Option> options;
  private @Nullable List<Provision> provisions;

  private boolean begun;
  private @Nullable Option candidate;
  private @Nullable Option chosen;
  private boolean marked;
  private boolean isProtected;
  private boolean automatic;
  private @Nullable Clause because;

  private @Nullable Option seenCandidate;
  private @Nullable Option seenChosen;

  Target(Graph graph, String name) {
    this.graph = graph;
    this.name = name;
  }

  /** An option that answers to this target by Provides, and under which version. */
  static final class Provision {
    private final Option option;
    private final Optional<DebVersion> version;
    private boolean seenCandidate;
    private boolean seenChosen;

    Provision(Option option, Optional<DebVersion> version) {
      this.option = option;
      this.version = version;
      this.seenCandidate = option.target().firstCandidate() == option;
    }

    Option option() {
      return option;
    }

    Optional<DebVersion> version() {
      return version;
    }
  }

  String name() {
    return name;
  }

  int rank() {
    return graph.index().rank(name);
  }

  /** Best first. */
  List<Option> options() {
    List<Option> known = options;
    if (known == null) {
      known = new ArrayList<>();
      for (BinaryPackage binary : graph.index().versions(name)) {
        known.add(new Option(graph, this, binary));
      }
      options = known;
    }
    return known;
  }

  /** In the order of the index files. */
  List<Provision> provisions() {
    List<Provision> known = provisions;
    if (known == null) {
      known = new ArrayList<>();
      for (PackageIndex.Provider provider : graph.index().providers(name)) {
        Target owner = graph.target(provider.provider().name());
        owner.options().stream()
            .filter(option -> option.binary().sha256().equals(provider.provider().sha256()))
            .map(option -> new Provision(option, provider.version()))
            .forEach(known::add);
      }
      provisions = known;
    }
    return known;
  }

  boolean essential() {
    return options().stream().anyMatch(option -> option.binary().essential());
  }

  boolean important() {
    return options().stream().anyMatch(option -> option.binary().important());
  }

  /** What would be installed now; null when there is nothing or it was found impossible. */
  @Nullable Option candidate() {
    begin();
    return candidate;
  }

  /** The candidate before anything was found impossible. */
  @Nullable Option firstCandidate() {
    return options().isEmpty() ? null : options().get(0);
  }

  void candidate(@Nullable Option option) {
    begin();
    candidate = option;
  }

  /** What is installed if it ends here. */
  @Nullable Option chosen() {
    return chosen;
  }

  void chosen(@Nullable Option option) {
    chosen = option;
  }

  /** Whether it is marked for installation. */
  boolean marked() {
    return marked;
  }

  void marked(boolean value) {
    marked = value;
  }

  /** Whether nobody but the user may change the mark. */
  boolean isProtected() {
    return isProtected;
  }

  void isProtected(boolean value) {
    isProtected = value;
  }

  boolean automatic() {
    return automatic;
  }

  void automatic(boolean value) {
    automatic = value;
  }

  /** The clause for whose sake it was first marked; null for what was asked for. */
  @Nullable Clause because() {
    return because;
  }

  void because(Clause clause) {
    if (because == null) {
      because = clause;
    }
  }

  /** Whether what is chosen, as last seen, matches the term. */
  boolean isChosen(Term term) {
    begin();
    return (seenChosen != null && term.admits(seenChosen))
        || provisions().stream().anyMatch(p -> p.seenChosen && term.admits(p));
  }

  /** Whether a candidate, as last seen, matches the term. */
  boolean isCandidate(Term term) {
    begin();
    return (seenCandidate != null && term.admits(seenCandidate))
        || provisions().stream().anyMatch(p -> p.seenCandidate && term.admits(p));
  }

  /** Whether what is chosen here lacks something or is in conflict. */
  boolean broken() {
    Option option = chosen;
    return option != null && !option.criticalClauses().stream().allMatch(Clause::holds);
  }

  /** Lets relations see what is chosen and what is candidate now: here and under provided names. */
  void update() {
    refresh();
    Option option = candidate;
    if (option != null) {
      graph.index().provided(option.binary()).forEach(p -> graph.target(p.target()).refresh());
    }
  }

  private void refresh() {
    begin();
    seenCandidate = candidate;
    seenChosen = chosen;
    for (Provision provision : provisions()) {
      Target owner = provision.option.target();
      provision.seenCandidate = owner.candidate() == provision.option;
      provision.seenChosen = owner.chosen() == provision.option;
    }
  }

  private void begin() {
    if (!begun) {
      begun = true;
      candidate = firstCandidate();
      seenCandidate = candidate;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
