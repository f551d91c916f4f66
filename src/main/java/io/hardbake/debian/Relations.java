package io.hardbake.debian;

import java.util.List;

/**
 * What a binary package says of others, and which names it answers to.
 *
 * @param provides each with an optional {@code (= version)}
 */
public record Relations(
    List<Dependency> preDepends,
    List<Dependency> depends,
    List<Relation> conflicts,
    List<Relation> breaks,
    List<Dependency> recommends,
    List<Dependency> suggests,
    List<Relation> replaces,
    List<Relation> enhances,
    List<Relation> provides) {

  public Relations {
    preDepends = List.copyOf(preDepends);
    depends = List.copyOf(depends);
    conflicts = List.copyOf(conflicts);
    breaks = List.copyOf(breaks);
    recommends = List.copyOf(recommends);
    suggests = List.copyOf(suggests);
    replaces = List.copyOf(replaces);
    enhances = List.copyOf(enhances);
    provides = List.copyOf(provides);
  }

  static Relations of(Paragraph paragraph) throws MalformedControlException {
    return new Relations(
        Dependency.parseAll(value(paragraph, "Pre-Depends")),
        Dependency.parseAll(value(paragraph, "Depends")),
        Dependency.parseRelations(value(paragraph, "Conflicts")),
        Dependency.parseRelations(value(paragraph, "Breaks")),
        Dependency.parseAll(value(paragraph, "Recommends")),
        Dependency.parseAll(value(paragraph, "Suggests")),
        Dependency.parseRelations(value(paragraph, "Replaces")),
        Dependency.parseRelations(value(paragraph, "Enhances")),
        Dependency.parseRelations(value(paragraph, "Provides")));
  }

  private static String value(Paragraph paragraph, String field) {
    return paragraph.get(field).orElse("");
  }
}
