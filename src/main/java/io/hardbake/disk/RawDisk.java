package io.hardbake.disk;

import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A disk as it is, byte for byte, in a file or a part of one. */
public final class RawDisk implements DiskImage {
  private final FileChannel channel;
  private final long from;
  private final Size size;

  private RawDisk(FileChannel channel, long from, Size size) {
    this.channel = channel;
    this.from = from;
    this.size = size;
  }

  /**
   * Opens the part of a file that a disk lies in.
   *
   * @throws DamagedDiskException if the file ends before the part does
   */
  public static RawDisk open(Path file, long offset, Size length) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      DiskSlice.requireWithin(new Size(channel.size()), offset, length.bytes());
      return new RawDisk(channel, offset, length);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Size size() {
    return size;
  }

  @Override
  public void read(long offset, ByteBuffer into) throws IOException {
    DiskSlice.requireWithin(size, offset, into.remaining());
    long position = from + offset;
    while (into.hasRemaining()) {
      int n = channel.read(into, position);
      if (n < 0) {
        throw new DamagedDiskException("the file became shorter while it was read");
      }
      position += n;
    }
  }

  @Override
  public SortedMap<String, String> facts() {
    return Collections.unmodifiableSortedMap(
        new TreeMap<>(Map.of("format", "raw", "virtual-size", Long.toString(size.bytes()))));
  }

  @Override
  public void check(Findings findings) {}

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
