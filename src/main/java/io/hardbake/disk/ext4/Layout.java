package io.hardbake.disk.ext4;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Which blocks everything has, in this order: the journal, the block of the resize inode, the files
 * of each layer, the directories, and the blocks of attributes and of extents. So what changes with
 * every layer comes behind what does not.
 *
 * <p>A layer and each large file begin at a multiple of 64 KiB, which is a cluster in qcow2 and
 * VMDK, and so do the rows of free blocks between the tables: equal layers give equal clusters
 * wherever they lie. The directories begin at a full MiB, so that most changes to the last layer
 * leave them where they are.
 */
final class Layout {
  private static final int CLUSTER = BlockAllocator.CLUSTER;
  private static final int MEBIBYTE = (1 << 20) / Block.BYTES;

  /** From this size on, a file begins at a cluster. */
  private static final int LARGE = 4 * CLUSTER;

  /** A node with its place. */
  record Placed(Node node, List<Extent> extents) {
    Placed {
      extents = List.copyOf(extents);
    }
  }

  private final GroupTables tables;
  private final BlockAllocator allocator;
  private final List<Extent> journal;
  private final long resizePointer;
  private final List<Placed> placed = new ArrayList<>();

  /**
   * Gives everything its blocks.
   *
   * @param inventory with the bodies of directories
   * @param allocator with as many blocks as the inventory demands
   */
  Layout(GroupTables tables, Inventory inventory, BlockAllocator allocator) {
    this.tables = tables;
    this.allocator = allocator;
    this.journal = extents(List.of(new BlockRun(0, tables.geometry().journalBlocks())));
    this.resizePointer = allocator.takeOne();
    for (List<Slot> layer : inventory.order()) {
      allocator.align(CLUSTER);
      layer.forEach(this::place);
    }
    allocator.align(MEBIBYTE);
    inventory.directories().forEach(this::place);
  }

  private void place(Slot slot) {
    if (slot.blocks() >= LARGE) {
      allocator.align(CLUSTER);
    }
    slot.node().ifPresentOrElse(this::place, () -> allocator.leave(slot.blocks()));
  }

  private void place(Node node) {
    placed.add(new Placed(node, extents(node.body().runs())));
  }

  /** Takes blocks for rows of a body. */
  private List<Extent> extents(List<BlockRun> runs) {
    List<Extent> taken = new ArrayList<>();
    for (BlockRun run : runs) {
      long logical = run.start();
      for (BlockRun row : allocator.take(run.count())) {
        for (long at = row.start(); at < row.end(); ) {
          int count = (int) Math.min(row.end() - at, Extent.MAX_BLOCKS);
          taken.add(new Extent(logical, at, count));
          logical += count;
          at += count;
        }
      }
    }
    return taken;
  }

  GroupTables tables() {
    return tables;
  }

  List<Extent> journal() {
    return journal;
  }

  /** The double-indirect block of the resize inode. */
  long resizePointer() {
    return resizePointer;
  }

  /** All nodes, in order of their places. */
  List<Placed> placed() {
    return Collections.unmodifiableList(placed);
  }

  /** A block behind the directories, for attributes or extents. */
  long newBlock() {
    return allocator.takeOne();
  }

  /** All blocks in use, once no new block is wanted. */
  List<BlockRun> used() {
    List<BlockRun> used = new ArrayList<>(tables.tables());
    used.addAll(allocator.taken());
    return used;
  }
}
