package io.hardbake.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tutorial's text, whose here-documents are the files that a reader would end up with. */
final class Tutorial {
  private static final Path TEXT =
      Path.of("src/test/resources/io/hardbake/recipe/control-plane-tutorial.txt");
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)}|(\\w+))");

  /** What a shell of the tutorial's reader knows. */
  private static final Map<String, String> VALUES =
      Map.of(
          "INTERNAL_IP", "10.240.0.10",
          "CONTROLLER0", "10.240.0.10",
          "CONTROLLER1", "10.240.0.11",
          "CONTROLLER2", "10.240.0.12");

  private Tutorial() {}

  /** The here-documents whose first line of command contains {@code command}, one after another. */
  static String file(String command) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(TEXT)) {
      if (inside && line.equals("EOF")) {
        inside = false;
      } else if (inside) {
        lines.add(expand(line));
      } else if (line.contains("<<EOF") && line.contains(command)) {
        inside = true;
      }
    }
    if (lines.isEmpty() || inside) {
      throw new AssertionError("the tutorial has no here-document for " + command);
    }
    return String.join("\n", lines) + "\n";
  }

  /** As an unquoted here-document expands: variables, and a backslash before a backslash. */
  private static String expand(String line) {
    Matcher variable = VARIABLE.matcher(line);
    StringBuilder expanded = new StringBuilder();
    while (variable.find()) {
      String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
      String value = VALUES.get(name);
      if (value == null) {
        throw new AssertionError("no value for $" + name);
      }
      variable.appendReplacement(expanded, Matcher.quoteReplacement(value));
    }
    variable.appendTail(expanded);
    return expanded.toString().replace("\\\\", "\\");
  }
}
