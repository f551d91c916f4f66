package io.hardbake.debian;

import java.util.List;
import java.util.Optional;

/**
 * One package named in a relation: {@code name[:qualifier] [(op version)] [[arch…]] [<profile…>…]}.
 *
 * @param qualifier what follows the colon: {@code any}, {@code native} or an architecture
 * @param architectures the words of the {@code [amd64 !arm64]} list; empty means everywhere
 * @param profiles the build profile lists, each {@code <…>} as written inside; they occur in source
 *     packages only
 */
public record Relation(
    String name,
    Optional<String> qualifier,
    Optional<Constraint> constraint,
    List<String> architectures,
    List<String> profiles) {

  public Relation {
    architectures = List.copyOf(architectures);
    profiles = List.copyOf(profiles);
  }

  /** A version and how it is compared. */
  public record Constraint(Operator operator, DebVersion version) {
    public boolean admits(DebVersion candidate) {
      int order = candidate.compareTo(version);
      return switch (operator) {
        case EARLIER -> order < 0;
        case EARLIER_OR_EQUAL -> order <= 0;
        case EQUAL -> order == 0;
        case LATER_OR_EQUAL -> order >= 0;
        case LATER -> order > 0;
      };
    }

    @Override
    public String toString() {
      return operator.symbol() + " " + version;
    }
  }

  /** How a relation compares versions. */
  public enum Operator {
    EARLIER("<<"),
    EARLIER_OR_EQUAL("<="),
    EQUAL("="),
    LATER_OR_EQUAL(">="),
    LATER(">>");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }

  /** Whether the version satisfies the constraint; the name is not looked at. */
  public boolean admits(DebVersion version) {
    return constraint.isEmpty() || constraint.get().admits(version);
  }

  /**
   * Whether a provided name satisfies the constraint. A name provided without a version satisfies
   * only a relation without one (Debian policy 7.5).
   */
  public boolean admitsProvided(Optional<DebVersion> version) {
    return constraint.isEmpty() || (version.isPresent() && constraint.get().admits(version.get()));
  }

  /** As deb-control(5) writes it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name);
    qualifier.ifPresent(q -> text.append(':').append(q));
    constraint.ifPresent(c -> text.append(" (").append(c).append(')'));
    if (!architectures.isEmpty()) {
      text.append(" [").append(String.join(" ", architectures)).append(']');
    }
    profiles.forEach(p -> text.append(" <").append(p).append('>'));
    return text.toString();
  }
}
