package io.hardbake.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A stretch of a file; each stream has a place of its own in it, and skipping reads nothing. */
public final class RangeStream extends BulkInputStream {
  private final FileChannel channel;
  private final boolean owned;
  private final long end;
  private long at;

  /** {@code owned} says whether closing the stream closes the channel. */
  public RangeStream(FileChannel channel, boolean owned, long offset, Size size) {
    this.channel = channel;
    this.owned = owned;
    this.at = offset;
    this.end = Math.addExact(offset, size.bytes());
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (at == end || length == 0) {
      return at == end ? -1 : 0;
    }
    int wanted = (int) Math.min(length, end - at);
    int n = channel.read(ByteBuffer.wrap(buffer, offset, wanted), at);
    if (n < 0) {
      throw new EOFException("the file became shorter while it was read");
    }
    at += n;
    return n;
  }

  @Override
  public long skip(long n) {
    long skipped = Math.max(0, Math.min(n, end - at));
    at += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, end - at);
  }

  @Override
  public void close() throws IOException {
    if (owned) {
      channel.close();
    }
  }
}
