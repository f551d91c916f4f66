package io.hardbake.disk.ext4;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which blocks are in use. Groups of which nothing but the superblock area is have no bitmap. */
final class BlockUsage {
  private final Geometry geometry;
  private final SortedMap<Integer, BitSet> groups = new TreeMap<>();

  BlockUsage(Geometry geometry) {
    this.geometry = geometry;
    bits(geometry.groups() - 1); // its end needs padding, which no kernel would infer
  }

  void mark(BlockRun run) {
    for (long at = run.start(); at < run.end(); ) {
      int group = Math.toIntExact(at / Geometry.BLOCKS_PER_GROUP);
      long first = geometry.firstBlock(group);
      long end = Math.min(run.end(), first + Geometry.BLOCKS_PER_GROUP);
      bits(group).set((int) (at - first), (int) (end - first));
      at = end;
    }
  }

  /** Whether none of these blocks is in use yet. */
  boolean isFree(BlockRun run) {
    for (long at = run.start(); at < run.end(); ) {
      int group = Math.toIntExact(at / Geometry.BLOCKS_PER_GROUP);
      long first = geometry.firstBlock(group);
      long end = Math.min(run.end(), first + Geometry.BLOCKS_PER_GROUP);
      int from = (int) (at - first);
      BitSet there = groups.get(group);
      int used = there == null ? -1 : there.nextSetBit(from);
      if (there == null ? from < geometry.superblockArea(group) : used >= 0 && used < end - first) {
        return false;
      }
      at = end;
    }
    return true;
  }

  private BitSet bits(int group) {
    return groups.computeIfAbsent(group, this::untouched);
  }

  private BitSet untouched(int group) {
    BitSet bits = new BitSet(Geometry.BLOCKS_PER_GROUP);
    bits.set(0, geometry.superblockArea(group));
    bits.set(geometry.blocksIn(group), Geometry.BLOCKS_PER_GROUP);
    return bits;
  }

  /** What the bitmap of a group has to say, whether or not it is on disk. */
  ByteBuffer inferred(int group) {
    BitSet bits = groups.get(group);
    return Block.empty().put(0, (bits == null ? untouched(group) : bits).toByteArray());
  }

  boolean hasBitmap(int group) {
    return groups.containsKey(group);
  }

  int free(int group) {
    return hasBitmap(group)
        ? Geometry.BLOCKS_PER_GROUP - bits(group).cardinality()
        : geometry.blocksIn(group) - geometry.superblockArea(group);
  }

  /** Blocks beyond the end of the file system count as used. */
  ByteBuffer bitmap(int group) {
    return Block.empty().put(0, bits(group).toByteArray());
  }
}
