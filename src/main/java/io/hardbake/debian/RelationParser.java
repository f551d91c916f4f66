package io.hardbake.debian;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Recursive descent without recursion over a relation field, deb-control(5) and deb-src-control(5).
 */
final class RelationParser {
  private final String text;
  private int at;

  RelationParser(String text) {
    this.text = text;
  }

  /** Empty entries between commas are passed over, as dpkg and apt do. */
  List<Dependency> dependencies() throws MalformedControlException {
    List<Dependency> dependencies = new ArrayList<>();
    while (true) {
      skipBlanks();
      if (at == text.length()) {
        return dependencies;
      }
      if (text.charAt(at) == ',') {
        at++;
        continue;
      }
      dependencies.add(dependency());
      skipBlanks();
      if (at < text.length()) {
        expect(',');
      }
    }
  }

  private Dependency dependency() throws MalformedControlException {
    List<Relation> alternatives = new ArrayList<>();
    alternatives.add(relation());
    while (skipBlanksTo('|')) {
      at++;
      skipBlanks();
      alternatives.add(relation());
    }
    return new Dependency(alternatives);
  }

  private Relation relation() throws MalformedControlException {
    String name = word("a package's name", "+-.");
    Optional<String> qualifier = Optional.empty();
    if (at < text.length() && text.charAt(at) == ':') {
      at++;
      qualifier = Optional.of(word("an architecture", "-"));
    }
    Optional<Relation.Constraint> constraint =
        skipBlanksTo('(') ? Optional.of(constraint()) : Optional.empty();
    List<String> architectures = new ArrayList<>();
    if (skipBlanksTo('[')) {
      architectures.addAll(List.of(upTo(']').trim().split("[ \t\n]+")));
      if (architectures.get(0).isEmpty()) {
        throw malformed("an empty list of architectures");
      }
    }
    List<String> profiles = new ArrayList<>();
    while (skipBlanksTo('<')) {
      profiles.add(upTo('>').trim());
    }
    return new Relation(name, qualifier, constraint, architectures, profiles);
  }

  private Relation.Constraint constraint() throws MalformedControlException {
    String inside = upTo(')').trim();
    for (Relation.Operator operator : Relation.Operator.values()) {
      if (inside.startsWith(operator.symbol())) {
        String version = inside.substring(operator.symbol().length()).trim();
        return new Relation.Constraint(operator, DebVersion.parse(version));
      }
    }
    // Two obsolete spellings, which meant "or equal"; dpkg and apt still take them.
    if (inside.startsWith("<")) {
      return new Relation.Constraint(
          Relation.Operator.EARLIER_OR_EQUAL, DebVersion.parse(inside.substring(1).trim()));
    }
    if (inside.startsWith(">")) {
      return new Relation.Constraint(
          Relation.Operator.LATER_OR_EQUAL, DebVersion.parse(inside.substring(1).trim()));
    }
    throw malformed("no comparison in (" + inside + ")");
  }

  /** What stands between the bracket at hand and {@code close}; moves behind it. */
  private String upTo(char close) throws MalformedControlException {
    int end = text.indexOf(close, at);
    if (end < 0) {
      throw malformed("a bracket is not closed by " + close);
    }
    String inside = text.substring(at + 1, end);
    at = end + 1;
    return inside;
  }

  private String word(String what, String punctuation) throws MalformedControlException {
    int from = at;
    while (at < text.length() && isWord(text.charAt(at), punctuation)) {
      at++;
    }
    if (at == from) {
      throw malformed("expected " + what);
    }
    return text.substring(from, at);
  }

  private static boolean isWord(char c, String punctuation) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || punctuation.indexOf(c) >= 0;
  }

  private void expect(char c) throws MalformedControlException {
    if (text.charAt(at) != c) {
      throw malformed("expected " + c);
    }
    at++;
  }

  private boolean skipBlanksTo(char c) {
    skipBlanks();
    return at < text.length() && text.charAt(at) == c;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private MalformedControlException malformed(String reason) {
    int from = Math.max(0, at - 30);
    return new MalformedControlException(
        "not a relation: %s at character %d, near %s"
            .formatted(
                reason, at, Quoted.of(text.substring(from, Math.min(text.length(), at + 30)))));
  }
}
