package io.hardbake.fetch;

import io.hardbake.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Hashes every byte that passes, those that are skipped included, which {@link
 * java.security.DigestInputStream} does not. Closing it leaves the source open, so that the rest
 * can be hashed.
 */
final class HashedInputStream extends InputStream {
  private final InputStream in;
  private final MessageDigest digest;
  private final Progress.Task task;

  HashedInputStream(InputStream in, MessageDigest digest, Progress.Task task) {
    this.in = in;
    this.digest = digest;
    this.task = task;
  }

  MessageDigest digest() {
    return digest;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = in.read(buffer, offset, length);
    if (n > 0) {
      digest.update(buffer, offset, n);
      task.advance(n);
    }
    return n;
  }
}
