package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.join;
import static io.hardbake.disk.ext4.Narrow.low32;
import static io.hardbake.disk.ext4.Narrow.u16;
import static io.hardbake.disk.ext4.Narrow.u32;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * {@code struct ext4_extent}: 12 bytes, little-endian. Blocks in a row of a file that are blocks in
 * a row on disk.
 *
 * @param logical the first block's number within the file
 * @param physical the first block's number within the file system
 * @param count at most {@link #MAX_BLOCKS}
 * @see <a href="https://docs.kernel.org/filesystems/ext4/ifork.html#extent-tree">ext4, Extent
 *     Tree</a>
 */
record Extent(long logical, long physical, int count) implements ExtentTree.Item {
  /** A longer one would be read as preallocated, its content as zero. */
  static final int MAX_BLOCKS = 1 << 15;

  Extent {
    if (count < 1 || count > MAX_BLOCKS) {
      throw new IllegalArgumentException("an extent of " + count + " blocks");
    }
  }

  // spotless:off
  @Override
  public void writeAt(ByteBuffer node, int at) {
    node.putInt(at + 0x0, u32(logical));            // 0x0  le32  ee_block
    node.putShort(at + 0x4, u16(count));            // 0x4  le16  ee_len
    node.putShort(at + 0x6, u16(physical >>> 32));  // 0x6  le16  ee_start_hi
    node.putInt(at + 0x8, low32(physical));         // 0x8  le32  ee_start_lo
  }
  // spotless:on

  /** The extent at a place; nothing if it is empty, or is one of blocks that read as zero. */
  static Optional<Extent> readAt(ByteBuffer node, int at) {
    int count = Short.toUnsignedInt(node.getShort(at + 0x4));
    return count < 1 || count > MAX_BLOCKS
        ? Optional.empty()
        : Optional.of(
            new Extent(
                Integer.toUnsignedLong(node.getInt(at + 0x0)),
                join(node.getInt(at + 0x8), node.getShort(at + 0x6)),
                count));
  }
}
