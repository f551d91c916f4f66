package io.hardbake.disk.qcow2;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.Findings;
import io.hardbake.disk.qcow2.Qcow2Disk.Entry;
import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Counts who refers to each cluster of a file, and compares with what the file says of it. */
final class Refcounts {
  private static final String RULE = "qcow2-structure";
  private static final int CLUSTER = Qcow2Disk.CLUSTER;

  /** 1 TiB: of a larger file, the counts alone would take more memory than there is. */
  private static final long MAX_CLUSTERS = 1 << 24;

  private final Qcow2Disk disk;
  private final Findings findings;
  private final int[] counted;

  Refcounts(Qcow2Disk disk, Findings findings) throws DamagedDiskException {
    this.disk = disk;
    this.findings = findings;
    long clusters = disk.file().size().blocks(CLUSTER);
    if (clusters > MAX_CLUSTERS) {
      throw new DamagedDiskException("a qcow2 file of " + disk.file().size());
    }
    this.counted = new int[(int) clusters];
  }

  void check() throws IOException {
    Qcow2Header header = disk.header();
    refer("the header", 0, CLUSTER);
    refer("the L1 table", header.l1Offset(), (long) header.l1Entries() * Long.BYTES);
    long tableBytes = (long) header.refcountTableClusters() * CLUSTER;
    if (!refer("the refcount table", header.refcountTableOffset(), tableBytes)) {
      return;
    }
    for (int i = 0; i < header.l1Entries(); i++) {
      table(i);
    }
    compare(header.refcountTableOffset(), header.refcountTableClusters());
  }

  private void table(int index) throws IOException {
    String where = "L1 entry " + index;
    try {
      Entry above = disk.l1Entry(index);
      if (above.isHole()) {
        return;
      }
      if (!above.copied()) {
        findings.add(RULE, where, "its L2 table is not marked as referred to once");
      }
      if (refer(where, above.at(), CLUSTER)) {
        ByteBuffer table = disk.l2Table(above);
        for (int i = 0; i < Qcow2Plan.ENTRIES; i++) {
          cluster((long) index * Qcow2Plan.ENTRIES + i, table.getLong(i * Long.BYTES));
        }
      }
    } catch (DamagedDiskException e) {
      findings.add(RULE, where, e.problem());
    }
  }

  private void cluster(long number, long bits) {
    if (bits == 0) {
      return;
    }
    String where = "cluster " + number;
    try {
      Entry entry = Entry.of(bits);
      if (entry.isHole()) {
        return;
      }
      if (number >= disk.size().blocks(CLUSTER)) {
        findings.add(RULE, where, "it lies behind the end of the disk");
      }
      if (entry.compressed() == entry.copied()) {
        findings.add(RULE, where, "its mark, to be referred to once, is wrong");
      }
      long left = disk.file().size().bytes() - entry.at();
      refer(where, entry.at(), entry.compressed() ? Math.min(entry.length(), left) : CLUSTER);
    } catch (DamagedDiskException e) {
      findings.add(RULE, where, e.problem());
    }
  }

  /** Counts a reference; false if it leads out of the file. */
  private boolean refer(String who, long at, long length) {
    long end = (long) counted.length * CLUSTER;
    if (at < 0 || length <= 0 || at > end || length > end - at) {
      findings.add(RULE, who, "%d bytes at %d do not lie in the file".formatted(length, at));
      return false;
    }
    for (long i = at / CLUSTER; i <= (at + length - 1) / CLUSTER; i++) {
      counted[(int) i]++;
    }
    return true;
  }

  /** Reads the refcount blocks, which are referred to by their table. */
  private void compare(long tableAt, int tableClusters) throws IOException {
    long blocks = new Size(counted.length).blocks(Qcow2Plan.REFCOUNTS);
    if (blocks > (long) tableClusters * Qcow2Plan.ENTRIES) {
      findings.add(RULE, "the refcount table", "it is shorter than the file");
      return;
    }
    ByteBuffer[] read = new ByteBuffer[(int) blocks];
    ByteBuffer entry = ByteBuffer.allocate(Long.BYTES);
    for (int i = 0; i < blocks; i++) {
      disk.file().read(tableAt + (long) i * Long.BYTES, entry.clear());
      long at = entry.getLong(0);
      if (at != 0 && at % CLUSTER == 0 && refer("refcount block " + i, at, CLUSTER)) {
        read[i] = ByteBuffer.allocate(CLUSTER);
        disk.file().read(at, read[i]);
      } else if (at != 0) {
        findings.add(RULE, "refcount block " + i, "it lies at %d".formatted(at));
      }
    }
    for (int i = 0; i < counted.length; i++) {
      ByteBuffer block = read[i / Qcow2Plan.REFCOUNTS];
      int at = i % Qcow2Plan.REFCOUNTS * Short.BYTES;
      int said = block == null ? 0 : Short.toUnsignedInt(block.getShort(at));
      if (said != counted[i]) {
        findings.add(
            RULE,
            "host cluster " + i,
            "it is referred to %d times, its refcount is %d".formatted(counted[i], said));
      }
    }
  }
}
