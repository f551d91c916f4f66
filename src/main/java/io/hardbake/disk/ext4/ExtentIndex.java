package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.join;
import static io.hardbake.disk.ext4.Narrow.low32;
import static io.hardbake.disk.ext4.Narrow.u16;
import static io.hardbake.disk.ext4.Narrow.u32;

import java.nio.ByteBuffer;

/**
 * {@code struct ext4_extent_idx}: 12 bytes, little-endian. Points from an inner node of an extent
 * tree to the node below.
 *
 * @param logical the first block of the file that the node below knows of
 * @param node the block that holds the node below
 * @see <a href="https://docs.kernel.org/filesystems/ext4/ifork.html#extent-tree">ext4, Extent
 *     Tree</a>
 */
record ExtentIndex(long logical, long node) implements ExtentTree.Item {
  // spotless:off
  @Override
  public void writeAt(ByteBuffer above, int at) {
    above.putInt(at + 0x0, u32(logical));         // 0x0  le32  ei_block
    above.putInt(at + 0x4, low32(node));          // 0x4  le32  ei_leaf_lo
    above.putShort(at + 0x8, u16(node >>> 32));   // 0x8  le16  ei_leaf_hi
    above.putShort(at + 0xa, (short) 0);          // 0xa  le16  ei_unused
  }
  // spotless:on

  static ExtentIndex readAt(ByteBuffer above, int at) {
    return new ExtentIndex(
        Integer.toUnsignedLong(above.getInt(at + 0x0)),
        join(above.getInt(at + 0x4), above.getShort(at + 0x8)));
  }
}
