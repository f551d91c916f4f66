package io.hardbake.settle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Paths that may differ between a tree that was baked and one that scripts made. One path a line,
 * two spaces or more, the reason.
 *
 * @param reasons by path
 */
record AllowedDifferences(SortedMap<String, String> reasons) {

  /** A kernel's release in a path, which would date the tables. */
  private static final Pattern KERNEL = Pattern.compile("[0-9.]+-[0-9]+-cloud-amd64");

  /** These differences, and for a machine those of its packages. */
  static AllowedDifferences read(String resource, String role) {
    SortedMap<String, String> reasons = new TreeMap<>(read(resource).reasons);
    if (role.endsWith("+machine")) {
      reasons.putAll(read("machine-differences.txt").reasons);
    }
    return new AllowedDifferences(reasons);
  }

  static AllowedDifferences read(String resource) {
    SortedMap<String, String> reasons = new TreeMap<>();
    try (InputStream in = AllowedDifferences.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + resource);
      }
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] parts = line.split(" {2,}", 2);
          if (parts.length < 2 || parts[1].isBlank()) {
            throw new IllegalStateException("no reason: " + line);
          }
          reasons.put(parts[0], parts[1]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new AllowedDifferences(reasons);
  }

  /** What is left of a difference. */
  SortedMap<String, String> unexplained(SortedMap<String, String> difference) {
    SortedMap<String, String> left = new TreeMap<>(difference);
    left.keySet()
        .removeIf(path -> reasons.containsKey(KERNEL.matcher(path).replaceAll("@KERNEL@")));
    return left;
  }
}
