package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.u32;

import io.hardbake.io.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Inode 7 owns the blocks kept for the descriptors of groups to come. It is a file with one
 * double-indirect block, which points to the reserved blocks of group 0; each of those points to
 * the blocks of the same position in the copies. The kernel gives a block away when the file system
 * has grown enough to need it.
 *
 * @param block what the inode's i_block holds
 * @param sectors of 512 bytes that it owns
 * @param blocks the contents of the blocks that point, by their numbers
 */
record ResizeInode(Bytes block, long sectors, SortedMap<Long, ByteBuffer> blocks) {
  private static final int POINTERS = Block.BYTES / Integer.BYTES;
  private static final int DOUBLE_INDIRECT = 13;

  /** As large as a file with single and double indirect blocks can be. */
  static final long SIZE = Block.offset(12L + POINTERS + (long) POINTERS * POINTERS);

  /** The double-indirect block, as the inode says. */
  static long pointer(Bytes block) {
    return Integer.toUnsignedLong(
        ByteBuffer.wrap(block.toArray())
            .order(ByteOrder.LITTLE_ENDIAN)
            .getInt(Integer.BYTES * DOUBLE_INDIRECT));
  }

  /**
   * The inode and the blocks that point.
   *
   * @param pointer the double-indirect block
   */
  static ResizeInode of(Geometry geometry, long pointer) {
    SortedMap<Long, ByteBuffer> blocks = new TreeMap<>();
    ByteBuffer reserved = Block.empty();
    List<Integer> backups = geometry.backups();
    int first = 1 + geometry.descriptorBlocks();
    for (int i = 0; i < geometry.reservedDescriptorBlocks(); i++) {
      long here = (long) first + i;
      ByteBuffer copies = Block.empty();
      for (int group : backups) {
        copies.putInt(u32(geometry.firstBlock(group) + here));
      }
      blocks.put(here, copies);
      // A pointer's place is the number of the descriptor block, modulo what a block can hold.
      int place = (geometry.descriptorBlocks() + i) % POINTERS;
      reserved.putInt(Integer.BYTES * place, u32(here));
    }
    blocks.put(pointer, reserved);
    ByteBuffer root = ByteBuffer.allocate(Inode.BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    root.putInt(Integer.BYTES * DOUBLE_INDIRECT, u32(pointer));
    long owned = 1L + (long) geometry.reservedDescriptorBlocks() * (1 + backups.size());
    return new ResizeInode(Bytes.of(root.array()), owned * Block.SECTORS, blocks);
  }
}
