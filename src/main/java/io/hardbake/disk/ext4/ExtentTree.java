package io.hardbake.disk.ext4;

import io.hardbake.io.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Where a file's blocks are: up to four extents in the inode itself; more of them in blocks of 340,
 * to which the inode or further blocks point.
 *
 * @param root what the inode's i_block holds
 * @param nodes the blocks below, by their numbers
 * @see <a href="https://docs.kernel.org/filesystems/ext4/ifork.html#extent-tree">ext4, Extent
 *     Tree</a>
 */
record ExtentTree(Bytes root, SortedMap<Long, ByteBuffer> nodes) {
  static final int ITEM_BYTES = 12;
  static final int ROOT_CAPACITY = (Inode.BLOCK_BYTES - ExtentHeader.BYTES) / ITEM_BYTES;
  static final int CAPACITY = (Block.BYTES - ExtentHeader.BYTES) / ITEM_BYTES;

  /** Behind the items of a block; the root is covered by the inode's own sum. */
  private static final int SUM_AT = ExtentHeader.BYTES + CAPACITY * ITEM_BYTES;

  /** An entry of a node. */
  sealed interface Item permits Extent, ExtentIndex {
    long logical();

    void writeAt(ByteBuffer node, int at);
  }

  /** The blocks that so many extents need besides the inode. */
  static long nodeCount(long extents) {
    long count = 0;
    for (long items = extents; items > ROOT_CAPACITY; ) {
      items = (items + CAPACITY - 1) / CAPACITY;
      count += items;
    }
    return count;
  }

  /**
   * The tree of some extents.
   *
   * @param extents in order of their logical blocks
   * @param newBlock gives the blocks for nodes, {@link #nodeCount} of them
   */
  static ExtentTree of(List<Extent> extents, LongSupplier newBlock, Checksum ofInode) {
    SortedMap<Long, ByteBuffer> nodes = new TreeMap<>();
    List<? extends Item> items = extents;
    int depth = 0;
    while (items.size() > ROOT_CAPACITY) {
      List<Item> above = new ArrayList<>();
      for (int from = 0; from < items.size(); from += CAPACITY) {
        List<? extends Item> some = items.subList(from, Math.min(from + CAPACITY, items.size()));
        ByteBuffer node = Block.empty();
        write(node, some, CAPACITY, depth);
        node.putInt(SUM_AT, ofInode.of(node, 0, SUM_AT)); // et_checksum
        long block = newBlock.getAsLong();
        nodes.put(block, node);
        above.add(new ExtentIndex(some.get(0).logical(), block));
      }
      items = above;
      depth++;
    }
    ByteBuffer root = ByteBuffer.allocate(Inode.BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    write(root, items, ROOT_CAPACITY, depth);
    return new ExtentTree(Bytes.of(root.array()), nodes);
  }

  static boolean sumHolds(ByteBuffer node, Checksum ofInode) {
    return node.getInt(SUM_AT) == ofInode.of(node, 0, SUM_AT);
  }

  private static void write(ByteBuffer node, List<? extends Item> items, int capacity, int depth) {
    new ExtentHeader(items.size(), capacity, depth).writeAt(node, 0);
    int at = ExtentHeader.BYTES;
    for (Item item : items) {
      item.writeAt(node, at);
      at += ITEM_BYTES;
    }
  }
}
