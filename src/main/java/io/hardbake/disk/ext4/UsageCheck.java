package io.hardbake.disk.ext4;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** Holds bitmaps and counters against what is really in use. */
final class UsageCheck {
  private final FileSystem files;
  private final InodeUsage inodes;
  private final Flaws flaws;

  UsageCheck(FileSystem files, InodeUsage inodes, Flaws flaws) {
    this.files = files;
    this.inodes = inodes;
    this.flaws = flaws;
  }

  void check() throws IOException {
    long freeBlocks = 0;
    long freeInodes = 0;
    for (int group = 0; group < files.groups().size(); group++) {
      GroupDescriptor descriptor = files.groups().get(group);
      blocks(group, descriptor);
      inodes(group, descriptor);
      freeBlocks += descriptor.freeBlocks();
      freeInodes += descriptor.freeInodes();
    }
    Superblock superblock = files.superblock();
    flaws
        .at("superblock")
        .require(
            superblock.freeBlocks() == freeBlocks && superblock.freeInodes() == freeInodes,
            "it says that %d blocks and %d inodes are free, the groups %d and %d"
                .formatted(
                    superblock.freeBlocks(), superblock.freeInodes(), freeBlocks, freeInodes));
  }

  private void blocks(int group, GroupDescriptor descriptor) throws IOException {
    BlockUsage used = files.claimed();
    flaws
        .at("group descriptor " + group)
        .require(
            descriptor.freeBlocks() == used.free(group),
            "it says that %d blocks are free, and %d are"
                .formatted(descriptor.freeBlocks(), used.free(group)));
    if (descriptor.blocksUninitialized()) {
      // Whoever reads this group infers the bitmap from the group's own tables.
      flaws
          .at("group descriptor " + group)
          .require(
              !used.hasBitmap(group) || ownTablesAlone(group, descriptor),
              "its bitmap is not there");
      return;
    }
    Flaws ofBitmap = flaws.at("block bitmap of group " + group);
    ByteBuffer bitmap = bitmap(descriptor.blockBitmap(), ofBitmap);
    if (descriptor.blockBitmapSum() != files.sum().of(bitmap)) {
      ofBitmap.checksum();
    }
    compare(bitmap, used.inferred(group), "blocks", ofBitmap);
  }

  private boolean ownTablesAlone(int group, GroupDescriptor descriptor) {
    Geometry geometry = files.geometry();
    BlockUsage own = new BlockUsage(geometry);
    long table = descriptor.inodeTable();
    for (long block : new long[] {descriptor.blockBitmap(), descriptor.inodeBitmap(), table}) {
      long count = block == table ? geometry.tableBlocks() : 1;
      if (block >= 0 && block <= geometry.blocks() - count) {
        own.mark(new BlockRun(block, count));
      }
    }
    return own.inferred(group).equals(files.claimed().inferred(group));
  }

  private void inodes(int group, GroupDescriptor descriptor) throws IOException {
    flaws
        .at("group descriptor " + group)
        .require(
            descriptor.freeInodes() == inodes.free(group)
                && descriptor.directories() == inodes.directories(group)
                && descriptor.unusedInodes() <= inodes.unused(group),
            "it says %d free inodes, %d directories, and %d inodes never used; there are %d, %d, %d"
                .formatted(
                    descriptor.freeInodes(),
                    descriptor.directories(),
                    descriptor.unusedInodes(),
                    inodes.free(group),
                    inodes.directories(group),
                    inodes.unused(group)));
    if (descriptor.inodesUninitialized()) {
      flaws
          .at("group descriptor " + group)
          .require(!inodes.hasBitmap(group), "its inode bitmap is not there");
      return;
    }
    Flaws ofBitmap = flaws.at("inode bitmap of group " + group);
    ByteBuffer bitmap = bitmap(descriptor.inodeBitmap(), ofBitmap);
    if (descriptor.inodeBitmapSum() != files.sum().of(bitmap, 0, inodes.bitmapBytes())) {
      ofBitmap.checksum();
    }
    compare(bitmap, inodes.bitmap(group), "inodes", ofBitmap);
  }

  private ByteBuffer bitmap(long block, Flaws flaws) throws IOException {
    boolean there = block >= 0 && block < files.geometry().blocks();
    return flaws.require(there, "it is not there") ? files.block(block) : Block.empty();
  }

  private static void compare(ByteBuffer said, ByteBuffer used, String what, Flaws flaws) {
    if (!said.rewind().equals(used.rewind())) {
      BitSet differing = BitSet.valueOf(said);
      differing.xor(BitSet.valueOf(used));
      flaws.structure(
          "it is wrong about %d %s, the first of them number %d in the group"
              .formatted(differing.cardinality(), what, differing.nextSetBit(0)));
    }
  }
}
