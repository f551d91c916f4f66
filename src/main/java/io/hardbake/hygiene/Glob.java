package io.hardbake.hygiene;

import io.hardbake.tree.AbsolutePath;
import java.util.regex.Pattern;

/**
 * A pattern of paths: {@code *} stands for anything within a component, {@code **} for anything at
 * all, and {@code ~} at the beginning for the home of root or of a user below {@code /home}.
 */
record Glob(String text, Pattern pattern) {
  static Glob of(String text) {
    StringBuilder regex = new StringBuilder();
    int at = 0;
    if (text.startsWith("~")) {
      regex.append("(?:/root|/home/[^/]+)");
      at = 1;
    }
    while (at < text.length()) {
      if (text.startsWith("**", at)) {
        regex.append(".*");
        at += 2;
      } else if (text.charAt(at) == '*') {
        regex.append("[^/]*");
        at++;
      } else {
        regex.append(Pattern.quote(text.substring(at, at + 1)));
        at++;
      }
    }
    return new Glob(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
  }

  boolean matches(AbsolutePath path) {
    return pattern.matcher(path.value()).matches();
  }
}
