package io.hardbake.disk.fat;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskBody;
import io.hardbake.disk.MemoryBudget;
import io.hardbake.disk.OversizedDiskException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The chains of a table that was read: which clusters a file has. Each is in one file only. */
final class FatChains {
  /** What a run takes, in bytes, in its list and in the copy of that. */
  private static final int RUN = 48;

  private final FatGeometry geometry;
  private final ByteBuffer table;
  private final MemoryBudget memory;
  private final BitSet used = new BitSet();

  /** {@code table} has an entry for each cluster. */
  FatChains(FatGeometry geometry, ByteBuffer table, MemoryBudget memory) {
    this.geometry = geometry;
    this.table = table;
    this.memory = memory;
  }

  /** The entry of a cluster; two of 12 bits share their middle byte. */
  private int entry(long cluster) {
    int bits = geometry.type().bits();
    int at = Math.toIntExact(cluster * bits / Byte.SIZE);
    return switch (geometry.type()) {
      case FAT12 -> {
        int two = Byte.toUnsignedInt(table.get(at)) | Byte.toUnsignedInt(table.get(at + 1)) << 8;
        yield cluster % 2 == 0 ? two & 0xfff : two >>> 4;
      }
      case FAT16 -> Short.toUnsignedInt(table.getShort(at));
      case FAT32 -> table.getInt(at) & geometry.type().endOfChain();
    };
  }

  private boolean endsChain(int entry) {
    // Eight values do; the last is the one that hardbake writes.
    return entry >= geometry.type().endOfChain() - 7;
  }

  /**
   * Where a chain lies on the disk.
   *
   * @param first its first cluster
   * @throws DamagedDiskException if it leaves the file system, or meets itself or another chain
   * @throws OversizedDiskException if it has more pieces than fit into memory
   */
  List<DiskBody.Run> chain(long first) throws DamagedDiskException, OversizedDiskException {
    List<DiskBody.Run> runs = new ArrayList<>();
    long start = first;
    long cluster = first;
    while (true) {
      if (cluster < FatGeometry.FIRST_CLUSTER
          || cluster >= FatGeometry.FIRST_CLUSTER + geometry.clusters()
          || used.get((int) cluster)) {
        throw new DamagedDiskException(
            "its chain leads to cluster %d, which cannot be its own".formatted(cluster));
      }
      used.set((int) cluster);
      int next = entry(cluster);
      if (next != cluster + 1) {
        memory.take(RUN);
        runs.add(
            new DiskBody.Run(
                geometry.clusterOffset(start), (cluster + 1 - start) * geometry.clusterBytes()));
        start = next;
      }
      if (endsChain(next)) {
        return runs;
      }
      cluster = next;
    }
  }

  /** Clusters that the table says are in use, but no file has. */
  long lost() {
    long lost = 0;
    for (long i = FatGeometry.FIRST_CLUSTER;
        i < FatGeometry.FIRST_CLUSTER + geometry.clusters();
        i++) {
      lost += entry(i) != 0 && !used.get((int) i) ? 1 : 0;
    }
    return lost;
  }

  /** Clusters that the table says are free. */
  long free() {
    long free = 0;
    for (long i = FatGeometry.FIRST_CLUSTER;
        i < FatGeometry.FIRST_CLUSTER + geometry.clusters();
        i++) {
      free += entry(i) == 0 ? 1 : 0;
    }
    return free;
  }
}
