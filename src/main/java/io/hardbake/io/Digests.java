package io.hardbake.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** What digests of every kind have in common. */
final class Digests {
  private static final int PIECE = 1 << 16;

  private Digests() {}

  /** {@code digest}, fed with a whole file. */
  static MessageDigest fed(MessageDigest digest, Path file) throws IOException {
    byte[] buffer = new byte[PIECE];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return digest;
  }
}
