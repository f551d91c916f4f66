package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.low32;
import static io.hardbake.disk.ext4.Narrow.u16;
import static io.hardbake.disk.ext4.Narrow.u32;
import static io.hardbake.disk.ext4.Narrow.u8;

import io.hardbake.io.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * {@code struct ext4_super_block}: 1024 bytes, little-endian; in group 0 behind 1024 bytes for a
 * boot loader, in its copies at the start of the block.
 *
 * @param journal the journal's i_block, which e2fsck takes when the inode is damaged
 * @see <a href="https://docs.kernel.org/filesystems/ext4/super.html">ext4, Super Block</a>
 */
record Superblock(
    Geometry geometry, Ext4Settings settings, long freeBlocks, long freeInodes, Bytes journal) {

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

  /**
   * Writes the primary superblock or a copy.
   *
   * @param group in which the copy stands
   */
  // spotless:off
  void writeAt(ByteBuffer block, int at, int group) {
    long time = settings.time().getEpochSecond();
    long blocks = geometry.blocks();
    long reserved = blocks * settings.reservedPercent() / 100;
    long journalSize = Block.offset(geometry.journalBlocks());
    block.putInt(at + 0x000, u32(geometry.inodes()));                 // 0x000 le32 s_inodes_count
    block.putInt(at + 0x004, low32(blocks));                          // 0x004 le32 s_blocks_count_lo
    block.putInt(at + 0x008, low32(reserved));                        // 0x008 le32 s_r_blocks_count_lo
    block.putInt(at + 0x00c, low32(freeBlocks));                      // 0x00c le32 s_free_blocks_count_lo
    block.putInt(at + 0x010, u32(freeInodes));                        // 0x010 le32 s_free_inodes_count
    block.putInt(at + 0x014, 0);                                      // 0x014 le32 s_first_data_block
    block.putInt(at + 0x018, LOG_BLOCK);                              // 0x018 le32 s_log_block_size
    block.putInt(at + 0x01c, LOG_BLOCK);                              // 0x01c le32 s_log_cluster_size
    block.putInt(at + 0x020, u32(Geometry.BLOCKS_PER_GROUP));         // 0x020 le32 s_blocks_per_group
    block.putInt(at + 0x024, u32(Geometry.BLOCKS_PER_GROUP));         // 0x024 le32 s_clusters_per_group
    block.putInt(at + 0x028, u32(geometry.inodesPerGroup()));         // 0x028 le32 s_inodes_per_group
    block.putInt(at + 0x02c, 0);                                      // 0x02c le32 s_mtime: never mounted
    block.putInt(at + 0x030, low32(time));                            // 0x030 le32 s_wtime
    block.putShort(at + 0x034, (short) 0);                            // 0x034 le16 s_mnt_count
    block.putShort(at + 0x036, (short) -1);                           // 0x036 le16 s_max_mnt_count: no limit
    block.putShort(at + 0x038, u16(MAGIC));                           // 0x038 le16 s_magic
    block.putShort(at + 0x03a, u16(STATE_VALID));                     // 0x03a le16 s_state
    block.putShort(at + 0x03c, u16(ERRORS_CONTINUE));                 // 0x03c le16 s_errors
    block.putShort(at + 0x03e, (short) 0);                            // 0x03e le16 s_minor_rev_level
    block.putInt(at + 0x040, low32(time));                            // 0x040 le32 s_lastcheck
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
    block.put(at + 0x068, Checksum.bytes(settings.uuid()));           // 0x068 16   s_uuid
    block.put(at + 0x078, label());                                   // 0x078 16   s_volume_name
    block.putShort(at + 0x0ce, u16(geometry.reservedDescriptorBlocks())); // 0x0ce le16 s_reserved_gdt_blocks
    block.putInt(at + 0x0e0, Inode.JOURNAL);                          // 0x0e0 le32 s_journal_inum
    block.put(at + 0x0ec, Checksum.bytes(settings.hashSeed()));       // 0x0ec 16   s_hash_seed
    block.put(at + 0x0fc, u8(DirectoryHash.VERSION));                 // 0x0fc u8   s_def_hash_version
    block.put(at + 0x0fd, u8(JOURNAL_BACKUP_BLOCKS));                 // 0x0fd u8   s_jnl_backup_type
    block.putShort(at + 0x0fe, u16(GroupDescriptor.BYTES));           // 0x0fe le16 s_desc_size
    block.putInt(at + 0x100, MOUNT_OPTIONS);                          // 0x100 le32 s_default_mount_opts
    block.putInt(at + 0x108, low32(time));                            // 0x108 le32 s_mkfs_time
    block.put(at + 0x10c, journal.toArray());                         // 0x10c 60   s_jnl_blocks: i_block
    block.putInt(at + 0x148, u32(journalSize >>> 32));                // 0x148 le32 s_jnl_blocks[15]: i_size_high
    block.putInt(at + 0x14c, low32(journalSize));                     // 0x14c le32 s_jnl_blocks[16]: i_size
    block.putInt(at + 0x150, u32(blocks >>> 32));                     // 0x150 le32 s_blocks_count_hi
    block.putInt(at + 0x154, u32(reserved >>> 32));                   // 0x154 le32 s_r_blocks_count_hi
    block.putInt(at + 0x158, u32(freeBlocks >>> 32));                 // 0x158 le32 s_free_blocks_count_hi
    block.putShort(at + 0x15c, u16(Inode.EXTRA_BYTES));               // 0x15c le16 s_min_extra_isize
    block.putShort(at + 0x15e, u16(Inode.EXTRA_BYTES));               // 0x15e le16 s_want_extra_isize
    block.putInt(at + 0x160, SIGNED_HASH);                            // 0x160 le32 s_flags
    block.put(at + 0x174, u8(GroupTables.LOG_GROUPS));                // 0x174 u8   s_log_groups_per_flex
    block.put(at + 0x175, u8(CRC32C));                                // 0x175 u8   s_checksum_type
    block.putLong(at + 0x178, written());                             // 0x178 le64 s_kbytes_written
    block.putInt(at + 0x248, u32(geometry.overhead()));               // 0x248 le32 s_overhead_clusters
    block.put(at + 0x274, u8(time >>> 32));                           // 0x274 u8   s_wtime_hi
    block.put(at + 0x276, u8(time >>> 32));                           // 0x276 u8   s_mkfs_time_hi
    block.put(at + 0x277, u8(time >>> 32));                           // 0x277 u8   s_lastcheck_hi
    block.putInt(at + CHECKSUM_AT, Checksum.plain().of(block, at, CHECKSUM_AT));
  }
  // spotless:on

  private byte[] label() {
    return settings.label().getBytes(StandardCharsets.UTF_8);
  }

  /** The blocks in use, as if each had been written once; in KiB. */
  private long written() {
    return (geometry.blocks() - freeBlocks) * (Block.BYTES / 1024);
  }
}
