package io.hardbake.settle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A resource of this package in lines. {@code #} at the beginning of a line makes it a comment;
 * empty lines separate.
 *
 * @param lines without comments and empty lines
 */
record Table(List<String> lines) {

  static Table read(String resource) {
    try (InputStream in = Table.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + resource);
      }
      return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("resource unreadable: " + resource, e);
    }
  }

  static Table of(String text) {
    return new Table(
        text.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).toList());
  }

  /** The lines, each in words. */
  List<List<String>> rows() {
    return lines.stream().map(line -> Arrays.asList(line.strip().split("\\s+"))).toList();
  }
}
