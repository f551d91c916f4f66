package io.hardbake.disk.qcow2;

import io.hardbake.disk.Segment;
import io.hardbake.disk.Volume;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.PackedCluster;
import io.hardbake.io.Size;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where everything lies in the file, and the tables that say so. Takes the disk's clusters one
 * after the other: the header promises a place for the first tables before it knows any cluster, so
 * the file's beginning can be written and hashed while later ones are still being compressed.
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

  /**
   * How many thousandths of what the disk uses lie in front of the tables. The more, the less is
   * left for the end; but if all becomes smaller than that, the promise fails, and nothing is known
   * before the end. Debian systems become 350 to 400.
   */
  private static final int PER_MILLE = 300;

  private static final int REFCOUNT_TABLE_CLUSTERS = 1; // for 16 TiB of file

  private final Size disk;
  private final Compression compression;
  private final int l1Entries;
  private final long l1Bytes;
  private final SortedMap<Integer, ByteBuffer> l2Tables = new TreeMap<>();
  private final List<Segment> compressed = new ArrayList<>();
  private final List<PackedCluster> stored = new ArrayList<>();
  private final long promised;
  private long tables; // the L1 table, then the refcount table
  private boolean pastTables;
  private long next = CLUSTER; // where the next compressed cluster comes to lie
  private int handedOut; // of the compressed clusters

  /** For a disk of which so much is used: holes are not, zeros may be. */
  Qcow2Plan(Size disk, Size used, Compression compression) {
    this.disk = disk;
    this.compression = compression;
    l1Entries = Math.toIntExact(disk.blocks(CLUSTER) / ENTRIES + 1);
    l1Bytes = rounded((long) l1Entries * Long.BYTES);
    promised = rounded(CLUSTER + used.bytes() / 1000 * PER_MILLE);
    tables = promised;
  }

  /** Takes the disk's next cluster that is not all zero. */
  void add(PackedCluster cluster) {
    if (cluster.stored()) {
      stored.add(cluster);
      return;
    }
    if (!pastTables && next + cluster.length() > tables) {
      passTables();
    }
    long lastByte = next + cluster.length() - 1;
    refer(cluster, next | (lastByte / SECTOR - next / SECTOR) << SECTORS_SHIFT | COMPRESSED);
    compressed.add(cluster.at(next));
    next += cluster.length();
  }

  private void passTables() {
    pastTables = true;
    next = tables + l1Bytes + offset(REFCOUNT_TABLE_CLUSTERS);
  }

  private void refer(PackedCluster cluster, long entry) {
    l2Tables
        .computeIfAbsent(
            Math.toIntExact(cluster.index() / ENTRIES), index -> ByteBuffer.allocate(CLUSTER))
        .putLong(Math.toIntExact(cluster.index() % ENTRIES) * Long.BYTES, entry);
  }

  /**
   * The file up to where it is known by now, without those clusters that were handed out before.
   */
  Volume known() {
    Volume.Builder known = Volume.builder(new Size(pastTables ? tables : next));
    if (handedOut == 0) {
      known.add(0, header());
    }
    for (; handedOut < compressed.size(); handedOut++) {
      Segment cluster = compressed.get(handedOut);
      if (cluster.offset() >= tables) {
        break;
      }
      known.add(cluster);
    }
    return known.build();
  }

  /** Whether the whole file begins with what was {@link #known}; asked when it is planned. */
  boolean isPromiseKept() {
    return tables == promised;
  }

  /** The whole file; nothing may be added any more. */
  Volume file() {
    if (!pastTables) {
      tables = rounded(next);
      passTables();
    }
    List<Segment> segments = new ArrayList<>(compressed);
    segments.add(Segment.of(0, header()));
    long at = rounded(next);
    for (PackedCluster cluster : stored) {
      refer(cluster, at | COPIED);
      segments.add(cluster.at(at));
      at += CLUSTER;
    }
    ByteBuffer l1 = ByteBuffer.allocate(Math.toIntExact(l1Bytes));
    for (var table : l2Tables.entrySet()) {
      l1.putLong(table.getKey() * Long.BYTES, at | COPIED);
      segments.add(Segment.of(at, table.getValue().array()));
      at += CLUSTER;
    }
    segments.add(Segment.of(tables, l1.array()));
    // The blocks count themselves too.
    long blocks = 0;
    while (blocks * REFCOUNTS < at / CLUSTER + blocks) {
      blocks = new Size(at / CLUSTER + blocks).blocks(REFCOUNTS);
    }
    segments.add(Segment.of(tables + l1Bytes, refcountTable(at, blocks)));
    Size size = new Size(at + offset(blocks));
    segments.add(Segment.of(at, refcounts(segments, size, Math.toIntExact(offset(blocks)))));
    Volume.Builder file = Volume.builder(size);
    segments.forEach(file::add);
    return file.build();
  }

  private byte[] header() {
    byte[] header = new byte[CLUSTER];
    new Qcow2Header(
            disk.bytes(), l1Entries, tables, tables + l1Bytes, REFCOUNT_TABLE_CLUSTERS, compression)
        .writeAt(ByteBuffer.wrap(header), 0);
    return header;
  }

  private static byte[] refcountTable(long firstBlock, long blocks) {
    ByteBuffer table = ByteBuffer.allocate(Math.toIntExact(offset(REFCOUNT_TABLE_CLUSTERS)));
    for (long i = 0; i < blocks; i++) {
      table.putLong(firstBlock + offset(i));
    }
    return table.array();
  }

  /** The blocks, which lie at the file's end and are no segment yet. */
  private static byte[] refcounts(List<Segment> segments, Size size, int bytes) {
    int[] counts = new int[Math.toIntExact(size.bytes() / CLUSTER)];
    Arrays.fill(counts, counts.length - bytes / CLUSTER, counts.length, 1);
    for (Segment segment : segments) {
      // A compressed cluster may lie in two host clusters, and shares them with others.
      for (long i = segment.offset() / CLUSTER; i <= (segment.end() - 1) / CLUSTER; i++) {
        counts[Math.toIntExact(i)]++;
      }
    }
    ByteBuffer blocks = ByteBuffer.allocate(bytes);
    for (int count : counts) {
      if (count > MAX_REFCOUNT) {
        throw new IllegalStateException(count + " clusters share one");
      }
      blocks.putShort((short) count);
    }
    return blocks.array();
  }

  private static long rounded(long bytes) {
    return offset(new Size(bytes).blocks(CLUSTER));
  }

  private static long offset(long clusters) {
    return clusters * CLUSTER;
  }
}
