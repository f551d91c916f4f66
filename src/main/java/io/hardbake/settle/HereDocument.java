package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the constant text that a script writes to a file as a here-document. */
final class HereDocument {
  private static final Pattern OPERATOR = Pattern.compile("<<(-?)\\s*['\"]?(\\w+)['\"]?");

  private HereDocument() {}

  /**
   * The body of the here-document on whose line {@code > PATH} stands.
   *
   * @throws IllegalStateException if there is none, or a shell would expand something in it
   */
  static String writtenTo(AbsolutePath path, String script) {
    List<String> lines = script.lines().toList();
    Pattern redirection = Pattern.compile(">\\s*" + Pattern.quote(path.value()) + "(\\s|$)");
    for (int i = 0; i < lines.size(); i++) {
      Matcher operator = OPERATOR.matcher(lines.get(i));
      if (redirection.matcher(lines.get(i)).find() && operator.find()) {
        return body(
            lines.subList(i + 1, lines.size()), !operator.group(1).isEmpty(), operator.group(2));
      }
    }
    throw new IllegalStateException("no here-document is written to " + path);
  }

  private static String body(List<String> lines, boolean withoutTabs, String end) {
    StringBuilder body = new StringBuilder();
    for (String line : lines) {
      String text = withoutTabs ? line.replaceFirst("^\t+", "") : line;
      if (text.equals(end)) {
        return body.toString();
      }
      if (text.contains("$") || text.contains("`") || text.contains("\\")) {
        throw new IllegalStateException("the here-document is not constant: " + text);
      }
      body.append(text).append('\n');
    }
    throw new IllegalStateException("the here-document has no end: " + end);
  }
}
