package io.hardbake.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Fails once more than a limit of bytes was read: the guard before every decompression and every
 * reply.
 */
public final class BoundedInputStream extends FilterInputStream {
  private final Size limit;
  private final String what;
  private long left;

  /** {@code what} names the stream in the error. */
  public BoundedInputStream(InputStream in, Size limit, String what) {
    super(in);
    this.limit = limit;
    this.what = what;
    this.left = limit.bytes();
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    if (b >= 0) {
      count(1);
    }
    return b;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = super.read(buffer, offset, length);
    if (n > 0) {
      count(n);
    }
    return n;
  }

  @Override
  public long skip(long n) throws IOException {
    long skipped = super.skip(n);
    count(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(long n) throws IOException {
    left -= n;
    if (left < 0) {
      throw new LimitExceededException(what + " is larger than the limit of " + limit);
    }
  }

  /** More bytes came than the limit allows. */
  public static final class LimitExceededException extends IOException {
    LimitExceededException(String message) {
      super(message);
    }
  }
}
