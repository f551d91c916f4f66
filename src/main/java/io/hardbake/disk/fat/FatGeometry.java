package io.hardbake.disk.fat;

import io.hardbake.io.Size;
import java.util.Optional;

/**
 * Where the areas lie: reserved sectors, two tables, the root directory of fixed size (FAT12 and
 * FAT16 only), data clusters.
 *
 * @param sectors of the whole volume
 * @param clusterSectors sectors of a cluster, a power of two
 * @param reserved sectors before the first table
 * @param tableSectors sectors of one table
 * @param rootEntries room of the fixed root directory; 0 on FAT32
 * @param clusters of the data area; the first has number 2
 */
record FatGeometry(
    FatType type,
    long sectors,
    int clusterSectors,
    int reserved,
    long tableSectors,
    int rootEntries,
    long clusters) {
  static final int SECTOR = 512;
  static final int TABLES = 2;
  static final int FIRST_CLUSTER = 2;

  private static final int FAT32_RESERVED = 32;
  private static final int ROOT_ENTRIES = 512;
  private static final int MAX_CLUSTER_SECTORS = 64;

  /** The geometry with the widest table and then the smallest clusters that suits the size. */
  static FatGeometry of(Size size) {
    long sectors = size.bytes() / SECTOR;
    for (FatType type : new FatType[] {FatType.FAT32, FatType.FAT16, FatType.FAT12}) {
      for (int cluster = smallestCluster(type, size);
          cluster <= MAX_CLUSTER_SECTORS;
          cluster *= 2) {
        FatGeometry candidate = fill(type, sectors, cluster);
        if (type.takes(candidate.clusters)) {
          return candidate;
        }
      }
    }
    throw new IllegalArgumentException("no FAT file system has " + size.bytes() + " bytes");
  }

  /** Large volumes get larger clusters, as mkfs.fat and Windows give them. */
  private static int smallestCluster(FatType type, Size size) {
    return type == FatType.FAT32 && size.compareTo(Size.mib(260)) > 0 ? 8 : 1;
  }

  private static FatGeometry fill(FatType type, long sectors, int clusterSectors) {
    boolean fat32 = type == FatType.FAT32;
    int reserved = fat32 ? FAT32_RESERVED : 1;
    int rootEntries = fat32 ? 0 : ROOT_ENTRIES;
    long rest = sectors - reserved - rootEntries * FatEntry.BYTES / SECTOR;
    // Tables for clusters that take all of the rest: a sector too many at most, never one too few.
    long bits = Math.multiplyExact(rest / clusterSectors + FIRST_CLUSTER, type.bits());
    long tableSectors = new Size(bits).blocks(8 * SECTOR);
    long clusters = (rest - TABLES * tableSectors) / clusterSectors;
    return new FatGeometry(
        type, sectors, clusterSectors, reserved, tableSectors, rootEntries, clusters);
  }

  /** The geometry of these areas; nothing if they do not make a file system. */
  static Optional<FatGeometry> of(
      long sectors, int clusterSectors, int reserved, long tableSectors, int rootEntries) {
    if (Integer.bitCount(clusterSectors) != 1
        || clusterSectors > 2 * MAX_CLUSTER_SECTORS
        || reserved < 1
        || tableSectors < 1
        || rootEntries % (SECTOR / FatEntry.BYTES) != 0) {
      return Optional.empty();
    }
    long rest = sectors - reserved - TABLES * tableSectors - rootEntries * FatEntry.BYTES / SECTOR;
    long clusters = rest / clusterSectors;
    FatType type = FatType.of(clusters);
    boolean whole = (clusters + FIRST_CLUSTER) * type.bits() <= tableSectors * SECTOR * Byte.SIZE;
    return rest <= 0 || !whole || (rootEntries == 0) != (type == FatType.FAT32)
        ? Optional.empty()
        : Optional.of(
            new FatGeometry(
                type, sectors, clusterSectors, reserved, tableSectors, rootEntries, clusters));
  }

  int clusterBytes() {
    return clusterSectors * SECTOR;
  }

  /** Position of one of the tables, in bytes. */
  long tableOffset(int table) {
    return (reserved + table * tableSectors) * SECTOR;
  }

  /** Position of the fixed root directory, in bytes. */
  long rootOffset() {
    return tableOffset(TABLES);
  }

  /** Position of a cluster, in bytes. */
  long clusterOffset(long cluster) {
    return rootOffset()
        + (long) rootEntries * FatEntry.BYTES
        + (cluster - FIRST_CLUSTER) * clusterBytes();
  }

  /** Clusters that hold so many bytes. */
  long clustersFor(long bytes) {
    return new Size(bytes).blocks(clusterBytes());
  }
}
