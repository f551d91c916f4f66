package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.low32;
import static io.hardbake.disk.ext4.Narrow.u16;
import static io.hardbake.disk.ext4.Narrow.u32;
import static io.hardbake.disk.ext4.Narrow.u8;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.io.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * {@code struct ext4_super_block}: 1024 bytes, little-endian; in group 0 behind 1024 bytes for a
 * boot loader, in its copies at the start of the block.
 *
 * @param time when it was made
 * @param reservedBlocks that only root may fill
 * @param journal the journal's i_block, which e2fsck takes when the inode is damaged
 * @see <a href="https://docs.kernel.org/filesystems/ext4/super.html">ext4, Super Block</a>
 */
record Superblock(
    Geometry geometry,
    UUID uuid,
    UUID hashSeed,
    String label,
    Instant time,
    long reservedBlocks,
    long freeBlocks,
    long freeInodes,
    Bytes journal) {

  static final int BYTES = 1024;

  /** Where it stands in block 0. */
  static final int PRIMARY_AT = 1024;

  private static final int MAGIC = 0xef53;

  // has_journal, ext_attr, resize_inode, dir_index
  private static final int COMPATIBLE = 0x4 | 0x8 | 0x10 | 0x20;

  // filetype, extent, 64bit, flex_bg
  private static final int INCOMPATIBLE = 0x2 | 0x40 | 0x80 | 0x200;

  // sparse_super, large_file, huge_file, dir_nlink, extra_isize, metadata_csum
  private static final int READ_ONLY_COMPATIBLE = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x400;

  private static final int STATE_VALID = 1;
  private static final int ERRORS_CONTINUE = 1;
  private static final int REVISION_DYNAMIC = 1;
  private static final int LOG_BLOCK = 2; // 1024 << 2
  private static final int SIGNED_HASH = 1;
  private static final int CRC32C = 1;
  private static final int JOURNAL_BACKUP_BLOCKS = 1;

  // user_xattr, acl: what Debian's mke2fs.conf has
  private static final int MOUNT_OPTIONS = 0x4 | 0x8;

  private static final int CHECKSUM_AT = 0x3fc;

  /** 2 TiB, as disks have it: the bitmaps of a larger one would not fit into memory. */
  private static final long MAX_BLOCKS = 1L << 29;

  static Superblock of(
      Geometry geometry, Ext4Settings settings, long freeBlocks, long freeInodes, Bytes journal) {
    return new Superblock(
        geometry,
        settings.uuid(),
        settings.hashSeed(),
        settings.label(),
        settings.time(),
        geometry.blocks() * settings.reservedPercent() / 100,
        freeBlocks,
        freeInodes,
        journal);
  }

  /**
   * Writes the primary superblock or a copy.
   *
   * @param group in which the copy stands
   */
  // spotless:off
  void writeAt(ByteBuffer block, int at, int group) {
    long seconds = time.getEpochSecond();
    long blocks = geometry.blocks();
    long journalSize = Block.offset(geometry.journalBlocks());
    block.putInt(at + 0x000, u32(geometry.inodes()));                 // 0x000 le32 s_inodes_count
    block.putInt(at + 0x004, low32(blocks));                          // 0x004 le32 s_blocks_count_lo
    block.putInt(at + 0x008, low32(reservedBlocks));                        // 0x008 le32 s_r_blocks_count_lo
    block.putInt(at + 0x00c, low32(freeBlocks));                      // 0x00c le32 s_free_blocks_count_lo
    block.putInt(at + 0x010, u32(freeInodes));                        // 0x010 le32 s_free_inodes_count
    block.putInt(at + 0x014, 0);                                      // 0x014 le32 s_first_data_block
    block.putInt(at + 0x018, LOG_BLOCK);                              // 0x018 le32 s_log_block_size
    block.putInt(at + 0x01c, LOG_BLOCK);                              // 0x01c le32 s_log_cluster_size
    block.putInt(at + 0x020, u32(Geometry.BLOCKS_PER_GROUP));         // 0x020 le32 s_blocks_per_group
    block.putInt(at + 0x024, u32(Geometry.BLOCKS_PER_GROUP));         // 0x024 le32 s_clusters_per_group
    block.putInt(at + 0x028, u32(geometry.inodesPerGroup()));         // 0x028 le32 s_inodes_per_group
    block.putInt(at + 0x02c, 0);                                      // 0x02c le32 s_mtime: never mounted
    block.putInt(at + 0x030, low32(seconds));                            // 0x030 le32 s_wtime
    block.putShort(at + 0x034, (short) 0);                            // 0x034 le16 s_mnt_count
    block.putShort(at + 0x036, (short) -1);                           // 0x036 le16 s_max_mnt_count: no limit
    block.putShort(at + 0x038, u16(MAGIC));                           // 0x038 le16 s_magic
    block.putShort(at + 0x03a, u16(STATE_VALID));                     // 0x03a le16 s_state
    block.putShort(at + 0x03c, u16(ERRORS_CONTINUE));                 // 0x03c le16 s_errors
    block.putShort(at + 0x03e, (short) 0);                            // 0x03e le16 s_minor_rev_level
    block.putInt(at + 0x040, low32(seconds));                            // 0x040 le32 s_lastcheck
    block.putInt(at + 0x044, 0);                                      // 0x044 le32 s_checkinterval: none
    block.putInt(at + 0x048, 0);                                      // 0x048 le32 s_creator_os: Linux
    block.putInt(at + 0x04c, REVISION_DYNAMIC);                       // 0x04c le32 s_rev_level
    block.putInt(at + 0x050, 0);                                      // 0x050 2 le16 s_def_resuid, s_def_resgid
    block.putInt(at + 0x054, u32(Inode.FIRST));                       // 0x054 le32 s_first_ino
    block.putShort(at + 0x058, u16(Inode.BYTES));                     // 0x058 le16 s_inode_size
    block.putShort(at + 0x05a, (short) Math.min(group, 0xffff));      // 0x05a le16 s_block_group_nr
    block.putInt(at + 0x05c, COMPATIBLE);                             // 0x05c le32 s_feature_compat
    block.putInt(at + 0x060, INCOMPATIBLE);                           // 0x060 le32 s_feature_incompat
    block.putInt(at + 0x064, READ_ONLY_COMPATIBLE);                   // 0x064 le32 s_feature_ro_compat
    block.put(at + 0x068, Checksum.bytes(uuid));                      // 0x068 16   s_uuid
    block.put(at + 0x078, labelBytes());                              // 0x078 16   s_volume_name
    block.putShort(at + 0x0ce, u16(geometry.reservedDescriptorBlocks())); // 0x0ce le16 s_reserved_gdt_blocks
    block.putInt(at + 0x0e0, Inode.JOURNAL);                          // 0x0e0 le32 s_journal_inum
    block.put(at + 0x0ec, Checksum.bytes(hashSeed));                  // 0x0ec 16   s_hash_seed
    block.put(at + 0x0fc, u8(DirectoryHash.VERSION));                 // 0x0fc u8   s_def_hash_version
    block.put(at + 0x0fd, u8(JOURNAL_BACKUP_BLOCKS));                 // 0x0fd u8   s_jnl_backup_type
    block.putShort(at + 0x0fe, u16(GroupDescriptor.BYTES));           // 0x0fe le16 s_desc_size
    block.putInt(at + 0x100, MOUNT_OPTIONS);                          // 0x100 le32 s_default_mount_opts
    block.putInt(at + 0x108, low32(seconds));                            // 0x108 le32 s_mkfs_time
    block.put(at + 0x10c, journal.toArray());                         // 0x10c 60   s_jnl_blocks: i_block
    block.putInt(at + 0x148, u32(journalSize >>> 32));                // 0x148 le32 s_jnl_blocks[15]: i_size_high
    block.putInt(at + 0x14c, low32(journalSize));                     // 0x14c le32 s_jnl_blocks[16]: i_size
    block.putInt(at + 0x150, u32(blocks >>> 32));                     // 0x150 le32 s_blocks_count_hi
    block.putInt(at + 0x154, u32(reservedBlocks >>> 32));                   // 0x154 le32 s_r_blocks_count_hi
    block.putInt(at + 0x158, u32(freeBlocks >>> 32));                 // 0x158 le32 s_free_blocks_count_hi
    block.putShort(at + 0x15c, u16(Inode.EXTRA_BYTES));               // 0x15c le16 s_min_extra_isize
    block.putShort(at + 0x15e, u16(Inode.EXTRA_BYTES));               // 0x15e le16 s_want_extra_isize
    block.putInt(at + 0x160, SIGNED_HASH);                            // 0x160 le32 s_flags
    block.put(at + 0x174, u8(GroupTables.LOG_GROUPS));                // 0x174 u8   s_log_groups_per_flex
    block.put(at + 0x175, u8(CRC32C));                                // 0x175 u8   s_checksum_type
    block.putLong(at + 0x178, written());                             // 0x178 le64 s_kbytes_written
    block.putInt(at + 0x248, u32(geometry.overhead()));               // 0x248 le32 s_overhead_clusters
    block.put(at + 0x274, u8(seconds >>> 32));                           // 0x274 u8   s_wtime_hi
    block.put(at + 0x276, u8(seconds >>> 32));                           // 0x276 u8   s_mkfs_time_hi
    block.put(at + 0x277, u8(seconds >>> 32));                           // 0x277 u8   s_lastcheck_hi
    block.putInt(at + CHECKSUM_AT, Checksum.plain().of(block, at, CHECKSUM_AT));
  }
  // spotless:on

  private byte[] labelBytes() {
    return label.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What {@link #writeAt} wrote, or mke2fs with the same features.
   *
   * @throws DamagedDiskException if there is no such file system
   */
  static Superblock readAt(ByteBuffer in, int at) throws DamagedDiskException {
    require(in.getShort(at + 0x038) == u16(MAGIC), "there is no ext4 file system");
    require(
        in.getInt(at + 0x05c) == COMPATIBLE
            && in.getInt(at + 0x060) == INCOMPATIBLE
            && in.getInt(at + 0x064) == READ_ONLY_COMPATIBLE,
        "its features are 0x%x, 0x%x, 0x%x, and those of a clean file system of hardbake 0x%x, 0x%x, 0x%x"
            .formatted(
                in.getInt(at + 0x05c),
                in.getInt(at + 0x060),
                in.getInt(at + 0x064),
                COMPATIBLE,
                INCOMPATIBLE,
                READ_ONLY_COMPATIBLE));
    require(
        in.getInt(at + 0x014) == 0
            && in.getInt(at + 0x018) == LOG_BLOCK
            && in.getInt(at + 0x01c) == LOG_BLOCK
            && in.getInt(at + 0x020) == Geometry.BLOCKS_PER_GROUP
            && in.getInt(at + 0x04c) == REVISION_DYNAMIC
            && in.getInt(at + 0x054) == Inode.FIRST
            && in.getShort(at + 0x058) == Inode.BYTES
            && in.getShort(at + 0x0fe) == GroupDescriptor.BYTES
            && in.get(at + 0x175) == CRC32C,
        "its blocks, groups, inodes or checksums are of an unusual kind");
    require(
        in.get(at + 0x0fc) == DirectoryHash.VERSION && (in.getInt(at + 0x160) & SIGNED_HASH) != 0,
        "its directories are sorted by an unusual hash");
    byte[] name = new byte[Ext4Settings.LABEL_BYTES];
    in.get(at + 0x078, name);
    byte[] journal = new byte[Inode.BLOCK_BYTES];
    in.get(at + 0x10c, journal);
    long seconds =
        Integer.toUnsignedLong(in.getInt(at + 0x108)) | (in.get(at + 0x276) & 0xffL) << 32;
    return new Superblock(
        geometryAt(in, at),
        Checksum.uuid(in, at + 0x068),
        Checksum.uuid(in, at + 0x0ec),
        new String(name, StandardCharsets.UTF_8).replaceAll("\\x00.*", ""),
        Instant.ofEpochSecond(seconds),
        split(in, at + 0x008, at + 0x154),
        split(in, at + 0x00c, at + 0x158),
        Integer.toUnsignedLong(in.getInt(at + 0x010)),
        Bytes.of(journal));
  }

  private static Geometry geometryAt(ByteBuffer in, int at) throws DamagedDiskException {
    long blocks = split(in, at + 0x004, at + 0x150);
    int perGroup = in.getInt(at + 0x028);
    int reserved = Short.toUnsignedInt(in.getShort(at + 0x0ce));
    require(
        blocks >= Geometry.MIN_BLOCKS
            && blocks <= MAX_BLOCKS
            && perGroup > 0
            && perGroup <= Block.BYTES * Byte.SIZE
            && perGroup % Geometry.INODES_PER_BLOCK == 0
            && reserved <= Geometry.MAX_RESERVED,
        "it has %d blocks, %d inodes in a group, and %d reserved blocks"
            .formatted(blocks, perGroup, reserved));
    Geometry geometry = new Geometry(blocks, perGroup, reserved);
    require(
        Integer.toUnsignedLong(in.getInt(at)) == geometry.inodes(),
        "it has not as many inodes as its groups have");
    return geometry;
  }

  /** A number in two halves of 32 bits. */
  private static long split(ByteBuffer in, int low, int high) {
    return Integer.toUnsignedLong(in.getInt(low)) | (long) in.getInt(high) << 32;
  }

  private static void require(boolean condition, String problem) throws DamagedDiskException {
    if (!condition) {
      throw new DamagedDiskException(problem);
    }
  }

  static boolean sumHolds(ByteBuffer in, int at) {
    return in.getInt(at + CHECKSUM_AT) == Checksum.plain().of(in, at, CHECKSUM_AT);
  }

  /** Whether it was unmounted without errors. */
  static boolean isClean(ByteBuffer in, int at) {
    return in.getShort(at + 0x03a) == STATE_VALID && in.getInt(at + 0x0e0) == Inode.JOURNAL;
  }

  /** Whether a copy says the same of what never changes. */
  boolean isCopiedBy(Superblock copy) {
    return copy.geometry.equals(geometry)
        && copy.uuid.equals(uuid)
        && copy.hashSeed.equals(hashSeed)
        && copy.label.equals(label);
  }

  /** The blocks in use, as if each had been written once; in KiB. */
  private long written() {
    return (geometry.blocks() - freeBlocks) * (Block.BYTES / 1024);
  }
}
