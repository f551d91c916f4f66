package io.hardbake.debian;

import java.util.List;

/**
 * What a binary package asks of others, and which names it answers to.
 *
 * @param provides each with an optional {@code (= version)}
 */
public record Relations(
    List<Dependency> preDepends,
    List<Dependency> depends,
    List<Relation> conflicts,
    List<Relation> breaks,
    List<Relation> provides) {

  public Relations {
    preDepends = List.copyOf(preDepends);
    depends = List.copyOf(depends);
    conflicts = List.copyOf(conflicts);
    breaks = List.copyOf(breaks);
    provides = List.copyOf(provides);
  }

  static Relations of(Paragraph paragraph) throws MalformedControlException {
    return new Relations(
        Dependency.parseAll(value(paragraph, "Pre-Depends")),
        Dependency.parseAll(value(paragraph, "Depends")),
        Dependency.parseRelations(value(paragraph, "Conflicts")),
        Dependency.parseRelations(value(paragraph, "Breaks")),
        Dependency.parseRelations(value(paragraph, "Provides")));
  }

  private static String value(Paragraph paragraph, String field) {
    return paragraph.get(field).orElse("");
  }
}
