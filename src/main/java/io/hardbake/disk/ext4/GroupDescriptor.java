package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.high16;
import static io.hardbake.disk.ext4.Narrow.join16;
import static io.hardbake.disk.ext4.Narrow.low16;
import static io.hardbake.disk.ext4.Narrow.low32;
import static io.hardbake.disk.ext4.Narrow.u16;
import static io.hardbake.disk.ext4.Narrow.u32;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code struct ext4_group_desc}: 64 bytes, little-endian. The high halves of counts stay zero: a
 * group has 32768 blocks at most.
 *
 * @param unusedInodes at the end of the table, never used since it was zeroed
 * @param blocksUninitialized nothing but the group's own superblock area is in use, and no bitmap
 *     is on disk
 * @param inodesUninitialized no inode is in use, and no bitmap is on disk
 * @param blockBitmapSum 0 where there is no bitmap
 * @param inodeBitmapSum 0 where there is no bitmap
 * @see <a href="https://docs.kernel.org/filesystems/ext4/group_descr.html">ext4, Block Group
 *     Descriptors</a>
 */
record GroupDescriptor(
    long blockBitmap,
    long inodeBitmap,
    long inodeTable,
    int freeBlocks,
    int freeInodes,
    int directories,
    int unusedInodes,
    boolean blocksUninitialized,
    boolean inodesUninitialized,
    int blockBitmapSum,
    int inodeBitmapSum) {

  static final int BYTES = 64;

  private static final int INODE_UNINIT = 0x1;
  private static final int BLOCK_UNINIT = 0x2;

  /** The table reads as zero from the start, so the kernel has nothing to initialize lazily. */
  private static final int INODE_ZEROED = 0x4;

  private static final int CHECKSUM_AT = 0x1e;

  // spotless:off
  void writeAt(ByteBuffer table, int at, Checksum ofGroup) {
    table.putInt(at + 0x00, low32(blockBitmap));            // 0x00  le32  bg_block_bitmap_lo
    table.putInt(at + 0x04, low32(inodeBitmap));            // 0x04  le32  bg_inode_bitmap_lo
    table.putInt(at + 0x08, low32(inodeTable));             // 0x08  le32  bg_inode_table_lo
    table.putShort(at + 0x0c, u16(freeBlocks));             // 0x0c  le16  bg_free_blocks_count_lo
    table.putShort(at + 0x0e, u16(freeInodes));             // 0x0e  le16  bg_free_inodes_count_lo
    table.putShort(at + 0x10, u16(directories));            // 0x10  le16  bg_used_dirs_count_lo
    table.putShort(at + 0x12, u16(flags()));                // 0x12  le16  bg_flags
    table.putInt(at + 0x14, 0);                             // 0x14  le32  bg_exclude_bitmap_lo
    table.putShort(at + 0x18, low16(blockBitmapSum));       // 0x18  le16  bg_block_bitmap_csum_lo
    table.putShort(at + 0x1a, low16(inodeBitmapSum));       // 0x1a  le16  bg_inode_bitmap_csum_lo
    table.putShort(at + 0x1c, u16(unusedInodes));           // 0x1c  le16  bg_itable_unused_lo
    table.putShort(at + CHECKSUM_AT, (short) 0);            // 0x1e  le16  bg_checksum, below
    table.putInt(at + 0x20, u32(blockBitmap >>> 32));       // 0x20  le32  bg_block_bitmap_hi
    table.putInt(at + 0x24, u32(inodeBitmap >>> 32));       // 0x24  le32  bg_inode_bitmap_hi
    table.putInt(at + 0x28, u32(inodeTable >>> 32));        // 0x28  le32  bg_inode_table_hi
    table.putShort(at + 0x2c, (short) 0);                   // 0x2c  le16  bg_free_blocks_count_hi
    table.putShort(at + 0x2e, (short) 0);                   // 0x2e  le16  bg_free_inodes_count_hi
    table.putShort(at + 0x30, (short) 0);                   // 0x30  le16  bg_used_dirs_count_hi
    table.putShort(at + 0x32, (short) 0);                   // 0x32  le16  bg_itable_unused_hi
    table.putInt(at + 0x34, 0);                             // 0x34  le32  bg_exclude_bitmap_hi
    table.putShort(at + 0x38, high16(blockBitmapSum));      // 0x38  le16  bg_block_bitmap_csum_hi
    table.putShort(at + 0x3a, high16(inodeBitmapSum));      // 0x3a  le16  bg_inode_bitmap_csum_hi
    table.putInt(at + 0x3c, 0);                             // 0x3c  le32  bg_reserved
    table.putShort(at + CHECKSUM_AT, low16(ofGroup.of(table, at, BYTES)));
  }
  // spotless:on

  /** What {@link #writeAt} wrote, or another program. */
  static GroupDescriptor readAt(ByteBuffer table, int at) {
    int flags = table.getShort(at + 0x12);
    return new GroupDescriptor(
        join32(table, at + 0x00, at + 0x20),
        join32(table, at + 0x04, at + 0x24),
        join32(table, at + 0x08, at + 0x28),
        join16(table.getShort(at + 0x0c), table.getShort(at + 0x2c)),
        join16(table.getShort(at + 0x0e), table.getShort(at + 0x2e)),
        join16(table.getShort(at + 0x10), table.getShort(at + 0x30)),
        join16(table.getShort(at + 0x1c), table.getShort(at + 0x32)),
        (flags & BLOCK_UNINIT) != 0,
        (flags & INODE_UNINIT) != 0,
        join16(table.getShort(at + 0x18), table.getShort(at + 0x38)),
        join16(table.getShort(at + 0x1a), table.getShort(at + 0x3a)));
  }

  private static long join32(ByteBuffer table, int low, int high) {
    return Integer.toUnsignedLong(table.getInt(low)) | (long) table.getInt(high) << 32;
  }

  static boolean sumHolds(ByteBuffer table, int at, Checksum ofGroup) {
    ByteBuffer summed =
        ByteBuffer.allocate(BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(0, table, at, BYTES)
            .putShort(CHECKSUM_AT, (short) 0);
    return low16(ofGroup.of(summed)) == table.getShort(at + CHECKSUM_AT);
  }

  private int flags() {
    return INODE_ZEROED
        | (blocksUninitialized ? BLOCK_UNINIT : 0)
        | (inodesUninitialized ? INODE_UNINIT : 0);
  }
}
