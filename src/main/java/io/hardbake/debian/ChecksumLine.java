package io.hardbake.debian;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of {@code SHA256} in Release and {@code Checksums-Sha256} in Sources: digest size path.
 */
record ChecksumLine(Sha256 sha256, Size size, String path) {
  static List<ChecksumLine> parse(String field, String value) throws MalformedControlException {
    List<ChecksumLine> lines = new ArrayList<>();
    for (String line : value.split("\n", -1)) {
      String trimmed = line.trim();
      if (trimmed.isEmpty()) {
        continue;
      }
      String[] words = trimmed.split("[ \t]+", -1);
      if (words.length != 3) {
        throw new MalformedControlException(
            field + " has a line that is not digest, size and path: " + Quoted.of(trimmed));
      }
      lines.add(
          new ChecksumLine(
              Fields.sha256(field, words[0]),
              Fields.size(field, words[1]),
              Fields.poolPath(field, words[2])));
    }
    return lines;
  }
}
