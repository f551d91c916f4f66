package io.hardbake.disk.ext4;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The unit of allocation. Every file system that hardbake writes has blocks of 4 KiB. */
final class Block {
  static final int BYTES = 4096;

  /** What {@code i_blocks} counts in. */
  static final int SECTORS = BYTES / 512;

  private Block() {}

  /** The offset of a block's first byte. */
  static long offset(long block) {
    return Math.multiplyExact(block, BYTES);
  }

  /** A block of zeros to fill, little-endian as all of ext4 but its journal. */
  static ByteBuffer empty() {
    return ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
