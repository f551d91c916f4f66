package io.hardbake.disk;

import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A part of a disk, counted from its own beginning. */
record DiskSlice(ReadableDisk whole, long from, Size size) implements ReadableDisk {
  static DiskSlice of(ReadableDisk whole, long from, Size size) throws DamagedDiskException {
    requireWithin(whole.size(), from, size.bytes());
    return new DiskSlice(whole, from, size);
  }

  /** Checks that a range lies within a disk. */
  static void requireWithin(Size disk, long offset, long length) throws DamagedDiskException {
    if (offset < 0 || length < 0 || offset > disk.bytes() || length > disk.bytes() - offset) {
      throw new DamagedDiskException(
          "it has %d bytes, and %d from %d on are asked for"
              .formatted(disk.bytes(), length, offset));
    }
  }

  @Override
  public void read(long offset, ByteBuffer into) throws IOException {
    requireWithin(size, offset, into.remaining());
    whole.read(from + offset, into);
  }

  @Override
  public ReadableDisk slice(long offset, Size part) throws DamagedDiskException {
    requireWithin(size, offset, part.bytes());
    return new DiskSlice(whole, from + offset, part);
  }

  @Override
  public void close() {}
}
