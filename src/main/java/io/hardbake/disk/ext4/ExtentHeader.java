package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.u16;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * {@code struct ext4_extent_header}: 12 bytes, little-endian.
 *
 * @param depth of the tree below; 0 where the entries are extents
 * @see <a href="https://docs.kernel.org/filesystems/ext4/ifork.html#extent-tree">ext4, Extent
 *     Tree</a>
 */
record ExtentHeader(int entries, int capacity, int depth) {
  static final int BYTES = 12;
  private static final int MAGIC = 0xf30a;

  // spotless:off
  void writeAt(ByteBuffer node, int at) {
    node.putShort(at + 0x0, u16(MAGIC));      // 0x0  le16  eh_magic
    node.putShort(at + 0x2, u16(entries));    // 0x2  le16  eh_entries
    node.putShort(at + 0x4, u16(capacity));   // 0x4  le16  eh_max
    node.putShort(at + 0x6, u16(depth));      // 0x6  le16  eh_depth
    node.putInt(at + 0x8, 0);                 // 0x8  le32  eh_generation, unused by ext4
  }
  // spotless:on

  /** The header of a node; nothing if there is none. */
  static Optional<ExtentHeader> readAt(ByteBuffer node, int at) {
    return node.getShort(at + 0x0) != u16(MAGIC)
        ? Optional.empty()
        : Optional.of(
            new ExtentHeader(
                Short.toUnsignedInt(node.getShort(at + 0x2)),
                Short.toUnsignedInt(node.getShort(at + 0x4)),
                Short.toUnsignedInt(node.getShort(at + 0x6))));
  }
}
