package io.hardbake.disk.ext4;

import io.hardbake.failure.RecipeException;
import io.hardbake.io.Size;
import java.util.ArrayList;
import java.util.List;

/**
 * How a file system is divided. It consists of groups of 32768 blocks, each with a bitmap of its
 * blocks, a bitmap of its inodes and a table of inodes. Group 0 and the groups whose number is a
 * power of 3, 5 or 7 begin with the superblock area: superblock, descriptors of all groups, and
 * blocks kept free for the descriptors of groups to come.
 *
 * @param blocks of the file system; at most {@link #MAX_BLOCKS}
 * @param inodesPerGroup a multiple of {@link #INODES_PER_BLOCK}
 * @param reservedDescriptorBlocks that wait for descriptors, in each superblock area; mke2fs calls
 *     them reserved GDT
 * @see <a href="https://docs.kernel.org/filesystems/ext4/overview.html#layout">ext4, Layout</a>
 */
record Geometry(long blocks, int inodesPerGroup, int reservedDescriptorBlocks) {
  /** As many as a block of bits can tell of. */
  static final int BLOCKS_PER_GROUP = Block.BYTES * 8;

  static final int INODES_PER_BLOCK = Block.BYTES / Inode.BYTES;

  /**
   * The resize inode knows 32-bit block numbers only. With 32-bit block counts the file system ends
   * below 16 TiB.
   */
  static final long MAX_BLOCKS = (1L << 32) - 1;

  /** The smallest for which mke2fs makes a journal. */
  static final int MIN_BLOCKS = 2048;

  /** A last group with fewer free blocks than this is not worth its tables; mke2fs's number. */
  private static final int MIN_USEFUL = 50;

  private static final int DESCRIPTORS_PER_BLOCK = Block.BYTES / GroupDescriptor.BYTES;

  /**
   * How many times its size the file system can grow before the kernel has to turn to meta_bg,
   * which it does by itself when the reserved descriptor blocks are used up.
   */
  private static final int GROWTH = 128;

  /** The superblock area ends where a cluster of qcow2 and VMDK does: at a multiple of 64 KiB. */
  private static final int ALIGNMENT = BlockAllocator.CLUSTER;

  /** The pointers that the resize inode's one double-indirect block has room for. */
  static final int MAX_RESERVED = Block.BYTES / Integer.BYTES;

  /**
   * The geometry that the settings lead to.
   *
   * @throws RecipeException if the size is too small for any file system
   */
  static Geometry of(Ext4Settings settings) throws RecipeException {
    long blocks = settings.size().bytes() / Block.BYTES;
    if (blocks < MIN_BLOCKS) {
      throw new RecipeException(
          "%s are too small for a file system with a journal".formatted(settings.size()),
          "make it at least " + new Size(Block.offset(MIN_BLOCKS)));
    }
    Geometry geometry = of(blocks, settings.bytesPerInode());
    int last = geometry.groups() - 1;
    return last > 0 && geometry.blocksIn(last) < geometry.overhead(last) + MIN_USEFUL
        ? of(geometry.firstBlock(last), settings.bytesPerInode())
        : geometry;
  }

  private static Geometry of(long blocks, int bytesPerInode) {
    long groups = divideUp(blocks, BLOCKS_PER_GROUP);
    long inodes = Block.offset(blocks) / bytesPerInode;
    long perGroup = divideUp(divideUp(inodes, groups), INODES_PER_BLOCK) * INODES_PER_BLOCK;
    return new Geometry(
        blocks,
        Math.toIntExact(Math.max(perGroup, INODES_PER_BLOCK)),
        reservedDescriptorBlocks(groups));
  }

  private static int reservedDescriptorBlocks(long groups) {
    int there = descriptorBlocks(groups);
    int later = descriptorBlocks(groups * GROWTH) - there;
    long area = 1L + there + Math.min(later, MAX_RESERVED);
    int aligned = Math.toIntExact(divideUp(area, ALIGNMENT) * ALIGNMENT);
    int reserved = aligned - 1 - there;
    return reserved > MAX_RESERVED ? reserved - ALIGNMENT : reserved;
  }

  private static long divideUp(long dividend, long divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  int groups() {
    return Math.toIntExact(divideUp(blocks, BLOCKS_PER_GROUP));
  }

  long inodes() {
    return (long) groups() * inodesPerGroup;
  }

  /** Blocks of the inode table of one group. */
  int tableBlocks() {
    return inodesPerGroup / INODES_PER_BLOCK;
  }

  long firstBlock(int group) {
    return (long) group * BLOCKS_PER_GROUP;
  }

  /** All groups but the last are whole. */
  int blocksIn(int group) {
    return Math.toIntExact(Math.min(BLOCKS_PER_GROUP, blocks - firstBlock(group)));
  }

  int descriptorBlocks() {
    return descriptorBlocks(groups());
  }

  private static int descriptorBlocks(long groups) {
    return Math.toIntExact(divideUp(groups, DESCRIPTORS_PER_BLOCK));
  }

  /** Blocks of the superblock area; zero for a group without one. */
  int superblockArea(int group) {
    return hasSuperblock(group) ? 1 + descriptorBlocks() + reservedDescriptorBlocks() : 0;
  }

  /** Whether the group begins with a superblock: the feature sparse_super. */
  static boolean hasSuperblock(int group) {
    return group <= 1 || isPower(group, 3) || isPower(group, 5) || isPower(group, 7);
  }

  private static boolean isPower(int number, int base) {
    long power = base;
    while (power < number) {
      power *= base;
    }
    return power == number;
  }

  /** The groups with a copy of the superblock, in ascending order, group 0 not among them. */
  List<Integer> backups() {
    List<Integer> backups = new ArrayList<>();
    for (int group = 1; group < groups(); group++) {
      if (hasSuperblock(group)) {
        backups.add(group);
      }
    }
    return backups;
  }

  /** Blocks that the group's tables take, wherever they lie. */
  private int overhead(int group) {
    return superblockArea(group) + 2 + tableBlocks();
  }

  /** Blocks of the journal, by mke2fs's table. */
  int journalBlocks() {
    if (blocks < 1 << 15) {
      return 1 << 10;
    } else if (blocks < 1 << 18) {
      return 1 << 12;
    } else if (blocks < 1 << 19) {
      return 1 << 13;
    } else if (blocks < 1 << 22) {
      return 1 << 14;
    } else if (blocks < 1 << 23) {
      return 1 << 15;
    } else if (blocks < 1 << 24) {
      return 1 << 16;
    }
    return blocks < 1 << 25 ? 1 << 17 : 1 << 18;
  }

  /** What statfs counts as overhead: all superblock areas and group tables, and the journal. */
  long overhead() {
    long sum = journalBlocks();
    for (int group = 0; group < groups(); group++) {
      sum += overhead(group);
    }
    return sum;
  }
}
