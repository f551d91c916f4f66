package io.hardbake.disk.ext4;

import io.hardbake.disk.DamagedDiskException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Checks the two inodes that no directory names: the journal, and what the file system grows by.
 */
final class InternalFiles {
  private static final int MODE = Inode.REGULAR_FILE | 0600;

  private final FileSystem files;
  private final Budget budget;

  InternalFiles(FileSystem files, Budget budget) {
    this.files = files;
    this.budget = budget;
  }

  void check(Flaws flaws) throws IOException {
    try {
      journal(flaws.at("journal"));
      resize(flaws.at("resize inode"));
    } catch (DamagedDiskException e) {
      flaws.at("internal inodes").structure(e.problem());
    }
  }

  private void journal(Flaws flaws) throws IOException {
    Inode inode = files.inode(Inode.JOURNAL, flaws);
    Mapping mapping = Mapping.read(files, Inode.JOURNAL, inode, budget, flaws);
    flaws.require(
        inode.mode() == MODE
            && inode.flags() == Inode.EXTENTS
            && inode.size() == Block.offset(mapping.blocks())
            && inode.sectors() == mapping.owned() * Block.SECTORS,
        "its inode is not that of a journal");
    flaws.require(
        inode.block().equals(files.superblock().journal()),
        "the superblock knows it at another place");
    ByteBuffer block = files.block(mapping.physical(0)).order(ByteOrder.BIG_ENDIAN);
    flaws.require(
        Journal.isClean(block, mapping.blocks()), "it is not empty, or not one of this size");
  }

  /** All that the inode says follows from the geometry, once one of its blocks is known. */
  private void resize(Flaws flaws) throws IOException {
    Inode inode = files.inode(Inode.RESIZE, flaws);
    long pointer = ResizeInode.pointer(inode.block());
    if (!files.claim(pointer, 1, flaws)) {
      return;
    }
    ResizeInode expected = ResizeInode.of(files.geometry(), pointer);
    flaws.require(
        inode.mode() == MODE
            && inode.size() == ResizeInode.SIZE
            && inode.sectors() == expected.sectors()
            && inode.block().equals(expected.block()),
        "its inode does not have the reserved blocks");
    for (Map.Entry<Long, ByteBuffer> block : expected.blocks().entrySet()) {
      flaws.require(
          files.block(block.getKey()).equals(block.getValue().rewind()),
          "its block %d does not point to the reserved blocks".formatted(block.getKey()));
    }
  }
}
