package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.high16;
import static io.hardbake.disk.ext4.Narrow.join;
import static io.hardbake.disk.ext4.Narrow.join16;
import static io.hardbake.disk.ext4.Narrow.low16;
import static io.hardbake.disk.ext4.Narrow.low32;
import static io.hardbake.disk.ext4.Narrow.u16;
import static io.hardbake.disk.ext4.Narrow.u32;

import io.hardbake.io.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code struct ext4_inode} and the extended attributes behind it: 256 bytes, little-endian. All
 * four times of an inode are one: an image whose files do not differ shall not differ in the times
 * at which nothing happened to them.
 *
 * @param mode type and permissions
 * @param size in bytes
 * @param time seconds since the epoch, from {@link #MIN_TIME} to {@link #MAX_TIME}
 * @param sectors of 512 bytes that the inode takes, its extent and attribute blocks among them
 * @param block what {@code i_block} holds: extents, the target of a short link, or device numbers
 * @param xattrBlock where the attributes are that did not fit behind the inode; 0 for none
 * @param xattrs the attributes behind the inode; empty for none
 * @see <a href="https://docs.kernel.org/filesystems/ext4/inodes.html">ext4, Index Nodes</a>
 */
record Inode(
    int mode,
    int uid,
    int gid,
    long size,
    long time,
    int links,
    long sectors,
    int flags,
    Bytes block,
    long xattrBlock,
    Bytes xattrs) {

  static final int BYTES = 256;
  static final int BLOCK_BYTES = 60;

  /** What there is for attributes behind an inode. */
  static final int XATTR_BYTES = BYTES - 0xa0;

  static final int ROOT = 2;
  static final int RESIZE = 7;
  static final int JOURNAL = 8;

  /** lost+found; by custom the first that is not reserved. */
  static final int FIRST = 11;

  /** i_block is the root of an extent tree. */
  static final int EXTENTS = 0x80000;

  /** A directory with a hash tree. */
  static final int INDEX = 0x1000;

  private static final int TYPE = 0xf000;

  static final int FIFO = 0x1000;
  static final int CHARACTER_DEVICE = 0x2000;
  static final int DIRECTORY = 0x4000;
  static final int BLOCK_DEVICE = 0x6000;
  static final int REGULAR_FILE = 0x8000;
  static final int SYMBOLIC_LINK = 0xa000;

  /** 1901, where 32 bits with a sign begin. */
  static final long MIN_TIME = Integer.MIN_VALUE;

  /** 2446, where two more bits end. */
  static final long MAX_TIME = MIN_TIME + (1L << 34) - 1;

  /** Bytes of the struct beyond the 128 of ext2. */
  static final int EXTRA_BYTES = 0x20;

  private static final int SUM_LOW_AT = 0x7c;
  private static final int SUM_HIGH_AT = 0x82;

  Inode {
    if (block.length() > BLOCK_BYTES || xattrs.length() > XATTR_BYTES) {
      throw new IllegalArgumentException(
          "%d bytes of block, %d of attributes".formatted(block.length(), xattrs.length()));
    }
    if (time < MIN_TIME || time > MAX_TIME) {
      throw new IllegalArgumentException("time out of range: " + time);
    }
  }

  // spotless:off
  void writeAt(ByteBuffer table, int at, Checksum ofInode) {
    int seconds = (int) time;
    // The bits above 32 of the seconds, to be added to the signed lower ones; no nanoseconds.
    int epoch = (int) ((time - seconds) >>> 32) & 3;
    table.putShort(at + 0x00, u16(mode));                 // 0x00  le16  i_mode
    table.putShort(at + 0x02, low16(uid));                // 0x02  le16  i_uid
    table.putInt(at + 0x04, low32(size));                 // 0x04  le32  i_size_lo
    table.putInt(at + 0x08, seconds);                     // 0x08  le32  i_atime
    table.putInt(at + 0x0c, seconds);                     // 0x0c  le32  i_ctime
    table.putInt(at + 0x10, seconds);                     // 0x10  le32  i_mtime
    table.putInt(at + 0x14, 0);                           // 0x14  le32  i_dtime
    table.putShort(at + 0x18, low16(gid));                // 0x18  le16  i_gid
    table.putShort(at + 0x1a, u16(links));                // 0x1a  le16  i_links_count
    table.putInt(at + 0x1c, low32(sectors));              // 0x1c  le32  i_blocks_lo
    table.putInt(at + 0x20, flags);                       // 0x20  le32  i_flags
    table.putInt(at + 0x24, 0);                           // 0x24  le32  i_version
    table.put(at + 0x28, block.toArray());                // 0x28  60    i_block
    table.putInt(at + 0x64, 0);                           // 0x64  le32  i_generation
    table.putInt(at + 0x68, low32(xattrBlock));           // 0x68  le32  i_file_acl_lo
    table.putInt(at + 0x6c, u32(size >>> 32));            // 0x6c  le32  i_size_high
    table.putInt(at + 0x70, 0);                           // 0x70  le32  i_obso_faddr
    table.putShort(at + 0x74, u16(sectors >>> 32));       // 0x74  le16  l_i_blocks_high
    table.putShort(at + 0x76, u16(xattrBlock >>> 32));    // 0x76  le16  l_i_file_acl_high
    table.putShort(at + 0x78, high16(uid));               // 0x78  le16  l_i_uid_high
    table.putShort(at + 0x7a, high16(gid));               // 0x7a  le16  l_i_gid_high
    table.putShort(at + SUM_LOW_AT, (short) 0);           // 0x7c  le16  l_i_checksum_lo, below
    table.putShort(at + 0x7e, (short) 0);                 // 0x7e  le16  l_i_reserved
    table.putShort(at + 0x80, u16(EXTRA_BYTES));          // 0x80  le16  i_extra_isize
    table.putShort(at + SUM_HIGH_AT, (short) 0);          // 0x82  le16  i_checksum_hi, below
    table.putInt(at + 0x84, epoch);                       // 0x84  le32  i_ctime_extra
    table.putInt(at + 0x88, epoch);                       // 0x88  le32  i_mtime_extra
    table.putInt(at + 0x8c, epoch);                       // 0x8c  le32  i_atime_extra
    table.putInt(at + 0x90, seconds);                     // 0x90  le32  i_crtime
    table.putInt(at + 0x94, epoch);                       // 0x94  le32  i_crtime_extra
    table.putInt(at + 0x98, 0);                           // 0x98  le32  i_version_hi
    table.putInt(at + 0x9c, 0);                           // 0x9c  le32  i_projid
    table.put(at + 0xa0, xattrs.toArray());               // 0xa0  96    extended attributes
    int sum = ofInode.of(table, at, BYTES);
    table.putShort(at + SUM_LOW_AT, low16(sum));
    table.putShort(at + SUM_HIGH_AT, high16(sum));
  }
  // spotless:on

  /** What {@link #writeAt} wrote, or another program; of the times, the one of the last change. */
  static Inode readAt(ByteBuffer table, int at) {
    byte[] block = new byte[BLOCK_BYTES];
    table.get(at + 0x28, block);
    byte[] xattrs = new byte[XATTR_BYTES];
    table.get(at + 0xa0, xattrs);
    return new Inode(
        Short.toUnsignedInt(table.getShort(at + 0x00)),
        join16(table.getShort(at + 0x02), table.getShort(at + 0x78)),
        join16(table.getShort(at + 0x18), table.getShort(at + 0x7a)),
        Integer.toUnsignedLong(table.getInt(at + 0x04)) | (long) table.getInt(at + 0x6c) << 32,
        table.getInt(at + 0x10) + ((table.getInt(at + 0x88) & 3L) << 32),
        Short.toUnsignedInt(table.getShort(at + 0x1a)),
        join(table.getInt(at + 0x1c), table.getShort(at + 0x74)),
        table.getInt(at + 0x20),
        Bytes.of(block),
        join(table.getInt(at + 0x68), table.getShort(at + 0x76)),
        Bytes.of(xattrs));
  }

  static boolean sumHolds(ByteBuffer table, int at, Checksum ofInode) {
    ByteBuffer summed =
        ByteBuffer.allocate(BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(0, table, at, BYTES)
            .putShort(SUM_LOW_AT, (short) 0)
            .putShort(SUM_HIGH_AT, (short) 0);
    return ofInode.of(summed)
        == join16(table.getShort(at + SUM_LOW_AT), table.getShort(at + SUM_HIGH_AT));
  }

  /** Whether it has the form that all inodes have here: its length, and generation 0. */
  static boolean isUsual(ByteBuffer table, int at) {
    return table.getInt(at + 0x64) == 0 && table.getShort(at + 0x80) == EXTRA_BYTES;
  }

  /** The type's bits of the mode. */
  int type() {
    return mode & TYPE;
  }
}
