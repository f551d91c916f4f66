package io.hardbake.oci;

import io.hardbake.io.RangeStream;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.Content;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * The bodies of a layer's files, decompressed, end to end in a file that no directory names any
 * more: however the process ends, nothing is left of it.
 */
final class Spool implements Closeable {
  private final FileChannel channel;
  private final byte[] buffer = new byte[1 << 16];
  private long end;

  private Spool(FileChannel channel) {
    this.channel = channel;
  }

  static Spool in(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "hardbake-", ".spool");
    return new Spool(
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  /** Keeps a body; it can be opened as long as the spool is open. */
  Content keep(InputStream body) throws IOException {
    long start = end;
    MessageDigest digest = Sha256.newDigest();
    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
      digest.update(buffer, 0, n);
      ByteBuffer left = ByteBuffer.wrap(buffer, 0, n);
      while (left.hasRemaining()) {
        end += channel.write(left, end);
      }
    }
    return new Body(channel, start, new Size(end - start), Sha256.of(digest));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private record Body(FileChannel channel, long offset, Size size, Sha256 sha256)
      implements Content {
    @Override
    public InputStream open() {
      return new RangeStream(channel, false, offset, size);
    }
  }
}
