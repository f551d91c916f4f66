package io.hardbake.tree;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A body that lies within a file of the store, such as a pack. Each opening has its own channel:
 * nothing has to be closed with the package, and a thread that is interrupted closes no one else's
 * file.
 */
public record FileSlice(Path file, long offset, Size size, Sha256 sha256) implements Content {
  @Override
  public InputStream open() throws IOException {
    return size.bytes() == 0 ? InputStream.nullInputStream() : new Body(this);
  }

  private static final class Body extends InputStream {
    private final FileChannel channel;
    private final Path file;
    private long at;
    private final long end;

    Body(FileSlice slice) throws IOException {
      this.channel = FileChannel.open(slice.file, StandardOpenOption.READ);
      this.file = slice.file;
      this.at = slice.offset;
      this.end = Math.addExact(at, slice.size.bytes());
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (at == end || length == 0) {
        return at == end ? -1 : 0;
      }
      int wanted = (int) Math.min(length, end - at);
      int n = channel.read(ByteBuffer.wrap(buffer, offset, wanted), at);
      if (n < 0) {
        throw new EOFException(file + " became shorter while it was read");
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
      channel.close();
    }
  }
}
