package io.hardbake.disk.ext4;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.ReadableDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A file system on a disk: superblock and descriptors are read, the rest is when it is asked for.
 */
final class FileSystem {
  private final ReadableDisk disk;
  private final Superblock superblock;
  private final List<GroupDescriptor> groups;
  private final Checksum sum;
  private final BlockUsage claimed;

  private FileSystem(ReadableDisk disk, Superblock superblock, List<GroupDescriptor> groups) {
    this.disk = disk;
    this.superblock = superblock;
    this.groups = List.copyOf(groups);
    this.sum = Checksum.of(superblock.uuid());
    this.claimed = new BlockUsage(superblock.geometry());
  }

  /**
   * Reads superblock, descriptors, and the copies of both.
   *
   * @throws DamagedDiskException if there is no file system that can be read
   */
  static FileSystem open(ReadableDisk disk, Flaws flaws) throws IOException {
    ByteBuffer first = read(disk, 0, Superblock.PRIMARY_AT + Superblock.BYTES);
    Superblock superblock = Superblock.readAt(first, Superblock.PRIMARY_AT);
    Flaws ofSuperblock = flaws.at("superblock");
    if (!Superblock.sumHolds(first, Superblock.PRIMARY_AT)) {
      ofSuperblock.checksum();
    }
    ofSuperblock.require(
        Superblock.isClean(first, Superblock.PRIMARY_AT), "it was not unmounted cleanly");
    Geometry geometry = superblock.geometry();
    if (Block.offset(geometry.blocks()) > disk.size().bytes()) {
      throw new DamagedDiskException(
          "the file system has %d blocks, which do not fit into %s"
              .formatted(geometry.blocks(), disk.size()));
    }
    Checksum sum = Checksum.of(superblock.uuid());
    List<GroupDescriptor> groups = descriptors(disk, geometry, 1, sum, flaws);
    for (int group : geometry.backups()) {
      long at = geometry.firstBlock(group);
      copy(disk, superblock, at, flaws.at("superblock copy in group " + group));
      descriptors(disk, geometry, at + 1, sum, flaws.at("copy in group " + group));
    }
    FileSystem opened = new FileSystem(disk, superblock, groups);
    opened.claimTables(flaws);
    return opened;
  }

  private static ByteBuffer read(ReadableDisk disk, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    disk.read(at, bytes);
    return bytes.flip();
  }

  private static void copy(ReadableDisk disk, Superblock superblock, long block, Flaws flaws)
      throws IOException {
    ByteBuffer bytes = read(disk, Block.offset(block), Superblock.BYTES);
    if (!Superblock.sumHolds(bytes, 0)) {
      flaws.checksum();
      return;
    }
    try {
      flaws.require(
          superblock.isCopiedBy(Superblock.readAt(bytes, 0)), "it differs from the superblock");
    } catch (DamagedDiskException e) {
      flaws.structure(e.problem());
    }
  }

  private static List<GroupDescriptor> descriptors(
      ReadableDisk disk, Geometry geometry, long block, Checksum sum, Flaws flaws)
      throws IOException {
    int count = geometry.groups();
    ByteBuffer table = read(disk, Block.offset(block), count * GroupDescriptor.BYTES);
    List<GroupDescriptor> groups = new ArrayList<>();
    for (int group = 0; group < count; group++) {
      int at = group * GroupDescriptor.BYTES;
      if (!GroupDescriptor.sumHolds(table, at, sum.ofGroup(group))) {
        String which = "group descriptor " + group;
        (block == 1 ? flaws.at(which) : flaws.at(which + ", " + flaws.where())).checksum();
      }
      groups.add(GroupDescriptor.readAt(table, at));
    }
    return groups;
  }

  private void claimTables(Flaws flaws) {
    Geometry geometry = superblock.geometry();
    claimed.mark(new BlockRun(0, geometry.superblockArea(0)));
    for (int group = 0; group < groups.size(); group++) {
      GroupDescriptor descriptor = groups.get(group);
      Flaws ofGroup = flaws.at("group descriptor " + group);
      claim(descriptor.blockBitmap(), 1, ofGroup);
      claim(descriptor.inodeBitmap(), 1, ofGroup);
      claim(descriptor.inodeTable(), geometry.tableBlocks(), ofGroup);
    }
  }

  Superblock superblock() {
    return superblock;
  }

  Geometry geometry() {
    return superblock.geometry();
  }

  List<GroupDescriptor> groups() {
    return groups;
  }

  Checksum sum() {
    return sum;
  }

  ReadableDisk disk() {
    return disk;
  }

  /** The blocks that something was found to own. */
  BlockUsage claimed() {
    return claimed;
  }

  /** Notes who owns blocks; false if they are not there, or someone else's. */
  boolean claim(long start, long count, Flaws flaws) {
    if (!flaws.require(
        start > 0
            && count > 0
            && start < geometry().blocks()
            && count <= geometry().blocks() - start,
        "it has the blocks from %d on, which are not there".formatted(start))) {
      return false;
    }
    BlockRun run = new BlockRun(start, count);
    if (!flaws.require(
        claimed.isFree(run),
        "it has blocks from %d on that belong to something else".formatted(start))) {
      return false;
    }
    claimed.mark(run);
    return true;
  }

  /** A block's bytes. */
  ByteBuffer block(long number) throws IOException {
    return read(disk, Block.offset(number), Block.BYTES);
  }

  /**
   * An inode.
   *
   * @param number from 1 on
   * @throws DamagedDiskException if the file system has no such inode
   */
  Inode inode(int number, Flaws flaws) throws IOException {
    if (number < 1 || number > geometry().inodes()) {
      throw new DamagedDiskException("inode %d does not exist".formatted(number));
    }
    int index = (number - 1) % geometry().inodesPerGroup();
    GroupDescriptor group = groups.get((number - 1) / geometry().inodesPerGroup());
    long table = group.inodeTable();
    if (table < 0 || table > geometry().blocks()) {
      throw new DamagedDiskException("inode %d does not exist".formatted(number));
    }
    ByteBuffer bytes = read(disk, Block.offset(table) + (long) index * Inode.BYTES, Inode.BYTES);
    if (!Inode.sumHolds(bytes, 0, sum.ofInode(number))) {
      flaws.in("inode").checksum();
    }
    flaws.require(Inode.isUsual(bytes, 0), "its inode is of an unusual form");
    return Inode.readAt(bytes, 0);
  }
}
