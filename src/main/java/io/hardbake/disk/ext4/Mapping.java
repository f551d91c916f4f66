package io.hardbake.disk.ext4;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskBody;
import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a file's blocks are, as its extent tree says.
 *
 * @param extents in order
 * @param owned how many blocks the file has, those of the tree counted
 */
record Mapping(List<Extent> extents, long owned) {
  /** EXT4_MAX_EXTENT_DEPTH: with nodes of 340, more leads nowhere. */
  private static final int MAX_DEPTH = 5;

  /** What an extent costs in memory, and again as a part of a body. */
  private static final int EXTENT = 80;

  /** Of an inode without extents. */
  static final Mapping NONE = new Mapping(List.of(), 0);

  Mapping {
    extents = List.copyOf(extents);
  }

  /** Reads the tree of an inode; all that it leads to becomes the inode's. */
  static Mapping read(FileSystem files, int number, Inode inode, Budget budget, Flaws flaws)
      throws IOException {
    Walk walk = new Walk(files, files.sum().ofInode(number), budget, flaws);
    ByteBuffer root = ByteBuffer.wrap(inode.block().toArray()).order(ByteOrder.LITTLE_ENDIAN);
    int depth = ExtentHeader.readAt(root, 0).map(ExtentHeader::depth).orElse(0);
    walk.node(root, ExtentTree.ROOT_CAPACITY, Math.min(depth, MAX_DEPTH));
    return new Mapping(walk.extents, walk.owned);
  }

  private static final class Walk {
    private final FileSystem files;
    private final Checksum sum;
    private final Budget budget;
    private final Flaws flaws;
    private final List<Extent> extents = new ArrayList<>();
    private long owned;
    private long end;

    Walk(FileSystem files, Checksum sum, Budget budget, Flaws flaws) {
      this.files = files;
      this.sum = sum;
      this.budget = budget;
      this.flaws = flaws;
    }

    /** Reads a node and all below it; {@code depth} becomes less with each level. */
    void node(ByteBuffer node, int capacity, int depth) throws IOException {
      Optional<ExtentHeader> header = ExtentHeader.readAt(node, 0);
      if (!flaws.require(
          header.isPresent()
              && header.get().depth() == depth
              && header.get().capacity() == capacity
              && header.get().entries() <= capacity,
          "its extent tree is damaged")) {
        return;
      }
      for (int i = 0; i < header.orElseThrow().entries(); i++) {
        int at = ExtentHeader.BYTES + i * ExtentTree.ITEM_BYTES;
        budget.memory(EXTENT);
        if (depth == 0) {
          extent(node, at);
        } else {
          below(ExtentIndex.readAt(node, at), depth - 1);
        }
      }
    }

    private void below(ExtentIndex index, int depth) throws IOException {
      if (flaws.require(index.logical() >= end, "its extents are not in order")
          && files.claim(index.node(), 1, flaws)) {
        owned++;
        ByteBuffer node = files.block(index.node());
        if (!ExtentTree.sumHolds(node, sum)) {
          flaws.in("extent block " + index.node()).checksum();
        }
        node(node, ExtentTree.CAPACITY, depth);
      }
    }

    private void extent(ByteBuffer node, int at) {
      Optional<Extent> read = Extent.readAt(node, at);
      if (!flaws.require(read.isPresent(), "it has blocks that were never written")) {
        return;
      }
      Extent extent = read.orElseThrow();
      if (flaws.require(extent.logical() >= end, "its extents are not in order")
          && files.claim(extent.physical(), extent.count(), flaws)) {
        end = extent.logical() + extent.count();
        owned += extent.count();
        extents.add(extent);
      }
    }
  }

  /** The block of the file system that holds a block of the file. */
  long physical(long logical) throws DamagedDiskException {
    int low = 0;
    int high = extents.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      Extent extent = extents.get(middle);
      if (extent.logical() + extent.count() <= logical) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == extents.size() || extents.get(low).logical() > logical) {
      throw new DamagedDiskException("its block %d is not there".formatted(logical));
    }
    return extents.get(low).physical() + logical - extents.get(low).logical();
  }

  /** The file's blocks, counted to the end of the last one that it has. */
  long blocks() {
    if (extents.isEmpty()) {
      return 0;
    }
    Extent last = extents.get(extents.size() - 1);
    return last.logical() + last.count();
  }

  /** The body of a file of this size. */
  DiskBody body(FileSystem files, Size size) {
    List<DiskBody.Run> runs = new ArrayList<>();
    long at = 0;
    for (Extent extent : extents) {
      long begin = Block.offset(extent.logical());
      if (begin > at) {
        runs.add(new DiskBody.Run(DiskBody.Run.HOLE, begin - at));
      }
      long length = Block.offset(extent.count());
      runs.add(new DiskBody.Run(Block.offset(extent.physical()), length));
      at = begin + length;
    }
    if (at < size.bytes()) {
      runs.add(new DiskBody.Run(DiskBody.Run.HOLE, size.bytes() - at));
    }
    return new DiskBody(files.disk(), size, runs);
  }
}
