package io.hardbake.disk.ext4;

import java.nio.ByteBuffer;
import java.util.BitSet;

/** Which inodes are in use, and which of them are directories. */
final class InodeUsage {
  private final int perGroup;
  private final BitSet used = new BitSet(); // from inode 1 on
  private final BitSet directories = new BitSet();

  InodeUsage(Geometry geometry) {
    this.perGroup = geometry.inodesPerGroup();
    used.set(0, Inode.FIRST - 1); // the reserved ones
  }

  void mark(int inode, boolean directory) {
    used.set(inode - 1);
    directories.set(inode - 1, directory);
  }

  private BitSet part(BitSet all, int group) {
    return all.get(group * perGroup, (group + 1) * perGroup);
  }

  boolean hasBitmap(int group) {
    return !part(used, group).isEmpty();
  }

  int free(int group) {
    return perGroup - part(used, group).cardinality();
  }

  int directories(int group) {
    return part(directories, group).cardinality();
  }

  /** The inodes of the group behind the last that is in use. */
  int unused(int group) {
    return perGroup - part(used, group).length();
  }

  /** The bytes of the bitmap that its sum covers; what is behind them is all ones. */
  int bitmapBytes() {
    return perGroup / Byte.SIZE;
  }

  ByteBuffer bitmap(int group) {
    BitSet bits = part(used, group);
    bits.set(perGroup, Block.BYTES * Byte.SIZE);
    return Block.empty().put(0, bits.toByteArray());
  }
}
