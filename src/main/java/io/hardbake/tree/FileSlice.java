package io.hardbake.tree;

import io.hardbake.io.RangeStream;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.IOException;
import java.io.InputStream;
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
    return size.bytes() == 0
        ? InputStream.nullInputStream()
        : new RangeStream(FileChannel.open(file, StandardOpenOption.READ), true, offset, size);
  }
}
