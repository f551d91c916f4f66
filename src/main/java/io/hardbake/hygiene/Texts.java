package io.hardbake.hygiene;

import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.io.IOException;

/**
 * Reads files that are texts of a few kilobytes on every machine. In an image of few bytes they can
 * be gigabytes of zeros, or of lines; together they may be no larger than the limit.
 */
final class Texts {
  private final Size limit;
  private long left;

  Texts(Size limit) {
    this.limit = limit;
    this.left = limit.bytes();
  }

  /**
   * A whole file.
   *
   * @throws IOException if it cannot be read, or what was read has more bytes than the limit
   */
  String read(AbsolutePath path, Content content) throws IOException {
    left -= content.size().bytes();
    if (left < 0) {
      throw new IOException(
          "%s is, or all files of its kind are, larger than %s".formatted(path, limit));
    }
    return content.text();
  }
}
