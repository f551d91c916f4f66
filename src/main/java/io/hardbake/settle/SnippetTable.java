package io.hardbake.settle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the sections do that debhelper adds to maintainer scripts. A section is known when it equals
 * one of the templates in {@code snippets.txt}, comments, white space and line breaks after {@code
 * \} aside:
 *
 * <pre>
 *   snippet
 *   | LINE          {name} stands for one word, the same wherever it stands; {names} for words;
 *                   {...} for anything in the line that starts no other command
 *   + LINE          the same, once or more
 *   EFFECT          as in {@link EffectParser}, with the words found
 * </pre>
 *
 * {@code {configure}} stands for the condition that nearly all of them begin with.
 */
final class SnippetTable {
  private static final String RESOURCE = "snippets.txt";

  private static final String CONFIGURE =
      "[ \"$1\" = \"configure\" ] || [ \"$1\" = \"abort-upgrade\" ]"
          + " || [ \"$1\" = \"abort-deconfigure\" ] || [ \"$1\" = \"abort-remove\" ]";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(name|names|\\.\\.\\.)}");

  private record Snippet(Pattern pattern, List<String> effects) {
    List<Effect> instantiate(Matcher found) {
      List<Effect> instances = new ArrayList<>();
      for (String line : effects) {
        String text = line;
        for (String placeholder : List.of("name", "names")) {
          if (text.contains("{" + placeholder + "}")) {
            text = text.replace("{" + placeholder + "}", found.group(placeholder));
          }
        }
        instances.add(EffectParser.parse(Arrays.asList(text.split("\\s+"))));
      }
      return List.copyOf(instances);
    }
  }

  private final List<Snippet> snippets;

  private SnippetTable(List<Snippet> snippets) {
    this.snippets = List.copyOf(snippets);
  }

  /** The table that hardbake ships. */
  static SnippetTable load() {
    return parse(Table.read(RESOURCE));
  }

  static SnippetTable parse(Table table) {
    List<Snippet> snippets = new ArrayList<>();
    List<String> block = new ArrayList<>();
    for (String line : table.lines()) {
      if (line.equals("snippet") && !block.isEmpty()) {
        snippets.add(snippet(block));
        block.clear();
      } else if (!line.equals("snippet")) {
        block.add(line);
      }
    }
    snippets.add(snippet(block));
    return new SnippetTable(snippets);
  }

  private static Snippet snippet(List<String> block) {
    StringBuilder regex = new StringBuilder();
    List<String> effects = new ArrayList<>();
    for (String line : block) {
      if (line.startsWith("| ")) {
        appendLine(line.substring(2), regex);
      } else if (line.startsWith("+ ")) {
        regex.append("(?:");
        appendLine(line.substring(2), regex);
        regex.append(")+");
      } else {
        effects.add(line.strip());
      }
    }
    return new Snippet(Pattern.compile(regex.toString()), effects);
  }

  private static void appendLine(String line, StringBuilder regex) {
    String text = line.strip().replace("{configure}", CONFIGURE);
    Matcher placeholder = PLACEHOLDER.matcher(text);
    int at = 0;
    while (placeholder.find()) {
      regex.append(Pattern.quote(text.substring(at, placeholder.start())));
      at = placeholder.end();
      switch (placeholder.group(1)) {
        case "name" ->
            regex.append(
                regex.indexOf("(?<name>") < 0 ? "(?<name>[^\\s'\";|&$`<>]+)" : "\\k<name>");
        case "names" -> regex.append("(?<names>[^'\";|&$`<>\n]+)");
        default -> regex.append("[^;|&$`<>\n]*");
      }
    }
    regex.append(Pattern.quote(text.substring(at))).append('\n');
  }

  /** What a section does, if it is known. */
  Optional<List<Effect>> effects(MaintainerScript.Section section) {
    String body = normalise(section.body());
    return snippets.stream()
        .flatMap(
            snippet -> {
              Matcher matcher = snippet.pattern().matcher(body);
              return matcher.matches()
                  ? Optional.of(snippet.instantiate(matcher)).stream()
                  : Optional.<List<Effect>>empty().stream();
            })
        .findFirst();
  }

  private static String normalise(String body) {
    return body.replace("\\\n", " ")
        .lines()
        .map(line -> line.strip().replaceAll("\\s+", " ").replace("] ;", "];"))
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
