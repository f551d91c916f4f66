package io.hardbake.hygiene;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A list of this package, in words. {@code #} at the beginning of a line makes it a comment.
 *
 * @param lines without comments and empty lines
 */
record Lines(List<Line> lines) {

  /**
   * One line.
   *
   * @param number from 1
   */
  record Line(int number, List<String> words) {
    /** The words from one on, as they stood. */
    String rest(int first) {
      return String.join(" ", words.subList(Math.min(first, words.size()), words.size()));
    }
  }

  static Lines resource(String name) {
    try (InputStream in = Lines.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + name);
      }
      return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("resource unreadable: " + name, e);
    }
  }

  static Lines of(String text) {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        lines.add(new Line(number, Arrays.asList(line.strip().split("\\s+"))));
      }
    }
    return new Lines(List.copyOf(lines));
  }
}
