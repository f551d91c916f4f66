package io.hardbake.hygiene;

import io.hardbake.image.Escapes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A list of this package, in words. {@code #} at the beginning of a line makes it a comment. A word
 * may have the escapes of a manifest: a backslash and the three octal digits of a byte.
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
    /**
     * A word without its escapes.
     *
     * @throws IllegalArgumentException if a backslash begins no escape
     */
    String plain(int index) {
      String word = words.get(index);
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      try {
        return Escapes.unescape(new String(bytes, StandardCharsets.ISO_8859_1));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("no three octal digits behind a backslash: " + word, e);
      }
    }

    /** The words from one on, as they stood. */
    String rest(int first) {
      return String.join(" ", words.subList(Math.min(first, words.size()), words.size()));
    }
  }

  /** A line that is read back as these words, whatever is in them. */
  static String line(String... words) {
    return Arrays.stream(words)
        .map(word -> word.equals("-") ? word : Escapes.escape(word))
        .collect(Collectors.joining(" "));
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
