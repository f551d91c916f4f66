package io.hardbake.disk;

import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A planned volume as if it had been written and opened, some of its bytes changed. */
public final class VolumeDisk implements DiskImage {
  private final VolumeReader reader;
  private final Size size;
  private final TreeMap<Long, Byte> changed = new TreeMap<>();

  public VolumeDisk(Volume volume) {
    this.reader = volume.reader();
    this.size = volume.size();
  }

  /** Sets the byte at a position. */
  public VolumeDisk set(long at, int value) {
    changed.put(at, (byte) value);
    return this;
  }

  /** Turns a bit of the byte at a position. */
  public VolumeDisk flip(long at, int bit) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    read(at, one);
    return set(at, one.get(0) ^ 1 << bit);
  }

  @Override
  public Size size() {
    return size;
  }

  @Override
  public synchronized void read(long offset, ByteBuffer into) throws IOException {
    DiskSlice.requireWithin(size, offset, into.remaining());
    int from = into.position();
    int length = into.remaining();
    reader.read(offset, into);
    changed
        .subMap(offset, offset + length)
        .forEach((at, value) -> into.put((int) (from + at - offset), value));
  }

  @Override
  public SortedMap<String, String> facts() {
    return Collections.emptySortedMap();
  }

  @Override
  public void check(Findings findings) {}

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
