package io.hardbake.disk.qcow2;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskImage;
import io.hardbake.disk.Findings;
import io.hardbake.disk.ReadableDisk;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.LastRead;
import io.hardbake.disk.cluster.UnpackedClusters;
import io.hardbake.failure.HostException;
import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The disk in a qcow2 file. */
public final class Qcow2Disk implements DiskImage {
  static final int CLUSTER = ClusterPacker.CLUSTER;

  /** L2 tables that are kept: 2 MiB, which 16 GiB of disk have. */
  private static final int KEPT = 32;

  private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;
  private static final long ZERO = 1;

  private final ReadableDisk file;
  private final Qcow2Header header;
  private final ByteBuffer l1;
  private final LastRead tables = new LastRead(KEPT);
  private final UnpackedClusters clusters;

  private Qcow2Disk(ReadableDisk file, Qcow2Header header, ByteBuffer l1) {
    this.file = file;
    this.header = header;
    this.l1 = l1;
    this.clusters =
        new UnpackedClusters(
            new Size(header.size()), header.compression().codec(), this::packedCluster);
  }

  /** Whether a file that begins with these bytes claims to be of the format. */
  public static boolean recognizes(ByteBuffer beginning) {
    return beginning.remaining() >= Integer.BYTES && beginning.getInt(0) == Qcow2Header.MAGIC;
  }

  /**
   * Opens a file.
   *
   * @param file which the disk closes
   * @throws DamagedDiskException if it is not of the format, or of a kind that hardbake does not
   *     write
   * @throws HostException if this machine cannot run what decompresses it
   */
  public static Qcow2Disk open(ReadableDisk file) throws IOException, HostException {
    ByteBuffer first = ByteBuffer.allocate(Qcow2Header.BYTES);
    file.read(0, first);
    Qcow2Header header = Qcow2Header.readAt(first, 0);
    long needed = new Size(new Size(header.size()).blocks(CLUSTER)).blocks(Qcow2Plan.ENTRIES);
    if (header.l1Entries() < needed || header.l1Entries() > needed + 1) {
      throw new DamagedDiskException(
          "a disk of %d bytes with an L1 table of %d entries"
              .formatted(header.size(), header.l1Entries()));
    }
    ByteBuffer l1 = ByteBuffer.allocate(header.l1Entries() * Long.BYTES);
    file.read(header.l1Offset(), l1);
    header.compression().codec().prepareToRead();
    return new Qcow2Disk(file, header, l1);
  }

  @Override
  public Size size() {
    return new Size(header.size());
  }

  @Override
  public void read(long offset, ByteBuffer into) throws IOException {
    clusters.read(offset, into);
  }

  /** What a table's entry says. */
  record Entry(long at, int length, boolean compressed, boolean copied, boolean zero) {
    static Entry of(long entry) throws DamagedDiskException {
      boolean compressed = (entry & Qcow2Plan.COMPRESSED) != 0;
      boolean copied = (entry & Qcow2Plan.COPIED) != 0;
      if (compressed) {
        long at = entry & (1L << Qcow2Plan.SECTORS_SHIFT) - 1;
        long sectors =
            (entry & ~(Qcow2Plan.COMPRESSED | Qcow2Plan.COPIED)) >>> Qcow2Plan.SECTORS_SHIFT;
        int length = Math.toIntExact((sectors + 1) * Qcow2Header.SECTOR - at % Qcow2Header.SECTOR);
        return new Entry(at, length, true, copied, false);
      }
      long at = entry & OFFSET;
      if ((entry & ~(OFFSET | Qcow2Plan.COPIED | ZERO)) != 0 || at % CLUSTER != 0) {
        throw new DamagedDiskException("a table has the entry 0x%016x".formatted(entry));
      }
      return new Entry(at, CLUSTER, false, copied, (entry & ZERO) != 0);
    }

    /** Nothing is stored; the disk is zero there. */
    boolean isHole() {
      return at == 0 && !compressed;
    }
  }

  /** An entry of the L1 table, which leads to an L2 table. */
  Entry l1Entry(int index) throws DamagedDiskException {
    Entry entry = Entry.of(l1.getLong(index * Long.BYTES));
    if (entry.compressed() || entry.zero()) {
      throw new DamagedDiskException("entry %d of the L1 table is none".formatted(index));
    }
    return entry;
  }

  ByteBuffer l2Table(Entry above) throws IOException {
    return ByteBuffer.wrap(tables.get(above.at(), at -> bytes(at, CLUSTER)));
  }

  Qcow2Header header() {
    return header;
  }

  ReadableDisk file() {
    return file;
  }

  private byte[] bytes(long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    file.read(at, ByteBuffer.wrap(bytes));
    return bytes;
  }

  private Optional<UnpackedClusters.Packed> packedCluster(long cluster) throws IOException {
    Entry above = l1Entry(Math.toIntExact(cluster / Qcow2Plan.ENTRIES));
    if (above.isHole()) {
      return Optional.empty();
    }
    int index = (int) (cluster % Qcow2Plan.ENTRIES);
    Entry entry = Entry.of(l2Table(above).getLong(index * Long.BYTES));
    if (entry.isHole() || entry.zero()) {
      return Optional.empty();
    }
    // The last sector of a compressed cluster need not be there to its end.
    long left = file.size().bytes() - entry.at();
    int length = (int) Math.min(entry.length(), Math.max(left, entry.compressed() ? 0 : CLUSTER));
    return Optional.of(new UnpackedClusters.Packed(bytes(entry.at(), length), !entry.compressed()));
  }

  @Override
  public SortedMap<String, String> facts() {
    return Collections.unmodifiableSortedMap(
        new TreeMap<>(
            Map.of(
                "format",
                "qcow2",
                "compression",
                header.compression().toString(),
                "virtual-size",
                Long.toString(header.size()))));
  }

  @Override
  public void check(Findings findings) throws IOException {
    new Refcounts(this, findings).check();
  }

  @Override
  public void close() throws IOException {
    clusters.close();
    file.close();
  }
}
