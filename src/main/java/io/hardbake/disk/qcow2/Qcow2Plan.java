package io.hardbake.disk.qcow2;

import io.hardbake.disk.Volume;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.PackedCluster;
import io.hardbake.disk.cluster.PackedVolume;
import io.hardbake.io.Size;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where everything lies in the file, counted in host clusters from its beginning, and the tables
 * that say so.
 */
final class Qcow2Plan {
  private static final int CLUSTER = ClusterPacker.CLUSTER;
  private static final int SECTOR = 512;

  /** Entries of a table of one cluster: of 8 bytes, and of 2 for refcounts. */
  static final int ENTRIES = CLUSTER / Long.BYTES;

  static final int REFCOUNTS = CLUSTER / Short.BYTES;
  private static final int MAX_REFCOUNT = 0xffff;

  static final long COPIED = 1L << 63; // referred to once, so it may be written in place
  static final long COMPRESSED = 1L << 62;

  /** Where the number of further sectors begins in the entry of a compressed cluster. */
  static final int SECTORS_SHIFT = 62 - (Qcow2.CLUSTER_BITS - 8);

  private final PackedVolume packed;
  private final int l1Entries;
  private final SortedMap<Integer, ByteBuffer> l2Tables = new TreeMap<>();
  private final long refcountTable = 1;
  private final long refcountTableClusters;
  private final long refcountBlocks;
  private final long l1;
  private final long l1Clusters;
  private final long l2;
  private final long compressed;
  private final long stored;
  private final long end;

  Qcow2Plan(PackedVolume packed) {
    this.packed = packed;
    long compressedBytes = 0;
    long storedClusters = 0;
    for (PackedCluster cluster : packed.clusters()) {
      l2Tables.computeIfAbsent(l2Index(cluster), index -> ByteBuffer.allocate(CLUSTER));
      if (cluster.stored()) {
        storedClusters++;
      } else {
        compressedBytes += cluster.length();
      }
    }
    l1Entries = Math.toIntExact(packed.size().blocks(CLUSTER) / ENTRIES + 1);
    l1Clusters = clusters((long) l1Entries * Long.BYTES);
    long others = 1 + l1Clusters + l2Tables.size() + clusters(compressedBytes) + storedClusters;
    // The blocks count themselves and their table too.
    long blocks = 0;
    long tables = 0;
    while (blocks * REFCOUNTS < others + blocks + tables) {
      blocks = new Size(others + blocks + tables).blocks(REFCOUNTS);
      tables = new Size(blocks).blocks(ENTRIES);
    }
    refcountTableClusters = tables;
    refcountBlocks = refcountTable + refcountTableClusters;
    l1 = refcountBlocks + blocks;
    l2 = l1 + l1Clusters;
    compressed = l2 + l2Tables.size();
    stored = compressed + clusters(compressedBytes);
    end = stored + storedClusters;
  }

  Volume file(Compression compression) {
    Volume.Builder file = Volume.builder(new Size(offset(end)));
    int[] refcounts = new int[Math.toIntExact(end)];
    for (long i = 0; i < compressed; i++) {
      refcounts[Math.toIntExact(i)] = 1;
    }
    placeClusters(file, refcounts);
    byte[] header = new byte[CLUSTER];
    new Qcow2Header(
            packed.size().bytes(),
            l1Entries,
            offset(l1),
            offset(refcountTable),
            Math.toIntExact(refcountTableClusters),
            compression)
        .writeAt(ByteBuffer.wrap(header), 0);
    file.add(0, header);
    file.add(offset(refcountTable), refcountTable());
    file.add(offset(refcountBlocks), refcountBlocks(refcounts));
    placeL2Tables(file);
    return file.build();
  }

  private void placeClusters(Volume.Builder file, int[] refcounts) {
    long nextCompressed = offset(compressed);
    long nextStored = offset(stored);
    for (PackedCluster cluster : packed.clusters()) {
      long entry;
      long at;
      if (cluster.stored()) {
        at = nextStored;
        nextStored += CLUSTER;
        entry = at | COPIED;
      } else {
        at = nextCompressed;
        nextCompressed += cluster.length();
        long lastByte = nextCompressed - 1;
        entry = at | (lastByte / SECTOR - at / SECTOR) << SECTORS_SHIFT | COMPRESSED;
      }
      // A compressed cluster may lie in two host clusters, and shares them with others.
      for (long i = at / CLUSTER; i <= (at + cluster.length() - 1) / CLUSTER; i++) {
        refcounts[Math.toIntExact(i)]++;
      }
      file.add(cluster.at(at));
      int inTable = Math.toIntExact(cluster.index() % ENTRIES);
      l2Tables
          .getOrDefault(l2Index(cluster), ByteBuffer.allocate(0))
          .putLong(inTable * Long.BYTES, entry);
    }
  }

  private void placeL2Tables(Volume.Builder file) {
    byte[] l1Table = new byte[Math.toIntExact(offset(l1Clusters))];
    long at = offset(l2);
    for (var table : l2Tables.entrySet()) {
      ByteBuffer.wrap(l1Table).putLong(table.getKey() * Long.BYTES, at | COPIED);
      byte[] bytes = new byte[CLUSTER];
      table.getValue().get(0, bytes);
      file.add(at, bytes);
      at += CLUSTER;
    }
    file.add(offset(l1), l1Table);
  }

  private byte[] refcountTable() {
    byte[] table = new byte[Math.toIntExact(offset(refcountTableClusters))];
    for (long block = refcountBlocks; block < l1; block++) {
      int index = Math.toIntExact(block - refcountBlocks);
      ByteBuffer.wrap(table).putLong(index * Long.BYTES, offset(block));
    }
    return table;
  }

  private byte[] refcountBlocks(int[] refcounts) {
    byte[] blocks = new byte[Math.toIntExact(offset(l1 - refcountBlocks))];
    ByteBuffer view = ByteBuffer.wrap(blocks);
    for (int i = 0; i < refcounts.length; i++) {
      if (refcounts[i] > MAX_REFCOUNT) {
        throw new IllegalStateException(refcounts[i] + " clusters share one");
      }
      view.putShort(i * Short.BYTES, (short) refcounts[i]);
    }
    return blocks;
  }

  private static int l2Index(PackedCluster cluster) {
    return Math.toIntExact(cluster.index() / ENTRIES);
  }

  private static long clusters(long bytes) {
    return new Size(bytes).blocks(CLUSTER);
  }

  private static long offset(long clusters) {
    return clusters * CLUSTER;
  }
}
