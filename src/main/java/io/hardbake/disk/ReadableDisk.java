package io.hardbake.disk;

import io.hardbake.io.Size;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a disk, or of a part of one, at any place. Safe for use by several threads. */
public interface ReadableDisk extends Closeable {
  Size size();

  /**
   * Fills all that remains of a buffer.
   *
   * @param offset of the first byte
   * @throws DamagedDiskException if the range does not lie within the disk, or the file that the
   *     disk is kept in is not of its form there
   */
  void read(long offset, ByteBuffer into) throws IOException;

  /**
   * A part of the disk, such as a partition; closing it closes nothing.
   *
   * @throws DamagedDiskException if the part does not lie within the disk
   */
  default ReadableDisk slice(long offset, Size size) throws DamagedDiskException {
    return DiskSlice.of(this, offset, size);
  }
}
