package io.hardbake.disk;

import io.hardbake.disk.Segment.Memory;
import io.hardbake.disk.Segment.Stored;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a volume at any place. Keeps the files open that it met last; for one thread. */
public final class VolumeReader implements Closeable {
  private static final int MAX_OPEN = 64;
  private static final byte[] ZEROS = new byte[1 << 12];

  private final Volume volume;
  // By last use; a volume may lie in more files than a process may have open.
  private final Map<Path, FileChannel> channels = new LinkedHashMap<>(16, 0.75f, true);

  VolumeReader(Volume volume) {
    this.volume = volume;
  }

  /**
   * Fills all that remains of {@code buffer} with the bytes from {@code offset}; zeros where there
   * is no segment. The range must lie within the volume.
   *
   * @return whether a segment was met; without one the bytes are all zero
   */
  public boolean read(long offset, ByteBuffer buffer) throws IOException {
    long end = Math.addExact(offset, buffer.remaining());
    if (offset < 0 || end > volume.size().bytes()) {
      throw new IndexOutOfBoundsException(
          "%d to %d of %d".formatted(offset, end, volume.size().bytes()));
    }
    long at = offset;
    boolean met = false;
    for (int i = volume.firstEndingAfter(offset); i < volume.segments().size(); i++) {
      Segment segment = volume.segments().get(i);
      if (segment.offset() >= end) {
        break;
      }
      met = true;
      zeros(buffer, segment.offset() - at);
      at = Math.max(at, segment.offset());
      long length = Math.min(end, segment.end()) - at;
      copy(segment.body(), at - segment.offset(), Math.toIntExact(length), buffer);
      at += length;
    }
    zeros(buffer, end - at);
    return met;
  }

  private static void zeros(ByteBuffer buffer, long count) {
    for (long left = count; left > 0; left -= ZEROS.length) {
      buffer.put(ZEROS, 0, (int) Math.min(left, ZEROS.length));
    }
  }

  private void copy(Segment.Body body, long from, int length, ByteBuffer buffer)
      throws IOException {
    if (body instanceof Memory memory) {
      buffer.put(memory.bytes(), Math.toIntExact(memory.from() + from), length);
      return;
    }
    Stored stored = (Stored) body;
    FileChannel channel = channel(stored.file());
    long position = stored.from() + from;
    int limit = buffer.limit();
    buffer.limit(buffer.position() + length);
    while (buffer.hasRemaining()) {
      int n = channel.read(buffer, position);
      if (n < 0) {
        throw new EOFException(stored.file() + " became shorter while it was read");
      }
      position += n;
    }
    buffer.limit(limit);
  }

  private FileChannel channel(Path file) throws IOException {
    FileChannel channel = channels.get(file);
    if (channel == null) {
      closeOldest();
      channel = FileChannel.open(file, StandardOpenOption.READ);
      channels.put(file, channel);
    }
    return channel;
  }

  private void closeOldest() throws IOException {
    Iterator<FileChannel> oldest = channels.values().iterator();
    if (channels.size() >= MAX_OPEN) {
      oldest.next().close();
      oldest.remove();
    }
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels.values()) {
      channel.close();
    }
    channels.clear();
  }
}
