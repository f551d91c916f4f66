package io.hardbake.disk.fat;

import java.util.Arrays;

/**
 * The table of clusters: each entry names the cluster that comes next in its file. Clusters are
 * given out from the front, so every file is in one piece.
 */
final class FatTable {
  private static final int MEDIA = 0x0fff_fff8; // as in the boot sector, other bits set

  private final FatGeometry geometry;
  private final byte[] bytes;
  private long next = FatGeometry.FIRST_CLUSTER;

  /** An empty table with room for so many clusters. */
  FatTable(FatGeometry geometry, long clusters) {
    this.geometry = geometry;
    long entries = FatGeometry.FIRST_CLUSTER + clusters;
    bytes = new byte[Math.toIntExact((entries * geometry.type().bits() + 7) / 8)];
    set(0, MEDIA & geometry.type().endOfChain());
    set(1, geometry.type().endOfChain());
  }

  /** The first of so many clusters in a row, at least one. */
  long allocate(long clusters) {
    long first = next;
    next += clusters;
    for (long cluster = first; cluster < next - 1; cluster++) {
      set(cluster, Math.toIntExact(cluster + 1));
    }
    set(next - 1, geometry.type().endOfChain());
    return first;
  }

  long nextFree() {
    return next;
  }

  /** All entries in use; those behind are zero. */
  byte[] bytes() {
    return Arrays.copyOf(bytes, bytes.length);
  }

  /** Sets an entry of 12, 16 or 32 bits, little-endian; two of 12 share their middle byte. */
  private void set(long cluster, int value) {
    int bits = geometry.type().bits();
    long bit = cluster * bits;
    for (int i = 0; i < bits; i += 4) {
      int at = Math.toIntExact((bit + i) / 8);
      int shift = (int) ((bit + i) % 8);
      bytes[at] = (byte) ((bytes[at] & ~(0xf << shift)) | ((value >>> i & 0xf) << shift));
    }
  }
}
