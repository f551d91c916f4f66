package io.hardbake.disk.ext4;

import io.hardbake.failure.RecipeException;
import io.hardbake.io.Size;

/**
 * How many blocks an inventory needs on a file system of some geometry: those for extents, whose
 * number the layout decides, rounded up.
 */
final class Demand {
  private final Geometry geometry;
  private final Inventory inventory;
  private final BlockAllocator free;
  private final long fixed;
  private final long total;

  /**
   * Adds up what an inventory needs.
   *
   * @param free of which nothing was taken yet
   */
  Demand(Geometry geometry, Inventory inventory, BlockAllocator free) {
    this.geometry = geometry;
    this.inventory = inventory;
    this.free = free;
    long journal = geometry.journalBlocks();
    this.fixed = journal + treeBlocks(1, journal) + 1; // one for the resize inode
    this.total = inventory.inOrder().stream().mapToLong(this::of).reduce(fixed, Math::addExact);
  }

  long total() {
    return total;
  }

  /** The blocks that lack; 0 or less if none does. */
  long missing() {
    return total - free.total();
  }

  /** Says which file does not fit any more. */
  RecipeException full(Size smallest) {
    long left = Math.max(free.total() - fixed, 0);
    for (Node node : inventory.inOrder()) {
      long needed = of(node);
      if (needed > left) {
        return new RecipeException(
            "%s needs %s, but the file system of %s has %s left"
                .formatted(
                    node.path(),
                    apart(needed, left),
                    new Size(Block.offset(geometry.blocks())),
                    apart(left, needed)),
            "make the disk larger: the files need a file system of at least %d MiB"
                .formatted(smallest.blocks(1 << 20)));
      }
      left -= needed;
    }
    throw new IllegalStateException("all files fit");
  }

  /** The size of some blocks, in words that are others than those for another number of them. */
  private static String apart(long blocks, long other) {
    String size = new Size(Block.offset(blocks)).toString();
    return size.equals(new Size(Block.offset(other)).toString())
        ? "%d KiB".formatted(Block.offset(blocks) / 1024)
        : size;
  }

  private long of(Node node) {
    long blocks = 0;
    long rows = 0;
    for (BlockRun run : node.body().runs()) {
      blocks += run.count();
      rows++;
    }
    return blocks + treeBlocks(rows, blocks) + (node.xattrs().block().isEmpty() ? 0 : 1);
  }

  /**
   * The blocks for the extents of a body in some rows, at most: where free blocks in a row end, an
   * extent ends, and so it does at its greatest length. All rows of free blocks that a body meets
   * but the first and the last, it fills.
   */
  private long treeBlocks(long rows, long blocks) {
    long breaks = blocks / free.shortestRun() + 1 + blocks / Extent.MAX_BLOCKS;
    return ExtentTree.nodeCount(rows + Math.min(breaks, Math.max(blocks - rows, 0)));
  }
}
