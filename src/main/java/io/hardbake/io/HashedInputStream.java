package io.hardbake.io;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/**
 * Hashes every byte that passes, those that are skipped included, which {@link
 * java.security.DigestInputStream} does not. Closing it leaves the source open, so that the rest
 * can be hashed.
 */
public final class HashedInputStream extends BulkInputStream {
  private final InputStream in;
  private final MessageDigest digest;
  private final LongConsumer passed;
  private long count;

  /** {@code passed} is told how many bytes came by. */
  public HashedInputStream(InputStream in, MessageDigest digest, LongConsumer passed) {
    this.in = in;
    this.digest = digest;
    this.passed = passed;
  }

  public MessageDigest digest() {
    return digest;
  }

  /** How many bytes came by. */
  public Size count() {
    return new Size(count);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = in.read(buffer, offset, length);
    if (n > 0) {
      digest.update(buffer, offset, n);
      count += n;
      passed.accept(n);
    }
    return n;
  }
}
