package io.hardbake.disk.fat;

/** The three widths of the table; the number of clusters alone tells a reader which one it is. */
enum FatType {
  FAT12(12, 1, 4084),
  FAT16(16, 4085, 65_524),
  FAT32(32, 65_525, 0x0fff_fff4);

  private final int bits;
  private final int minClusters;
  private final int maxClusters;

  FatType(int bits, int minClusters, int maxClusters) {
    this.bits = bits;
    this.minClusters = minClusters;
    this.maxClusters = maxClusters;
  }

  /** The type of a file system with so many data clusters. */
  static FatType of(long clusters) {
    return clusters <= FAT12.maxClusters ? FAT12 : clusters <= FAT16.maxClusters ? FAT16 : FAT32;
  }

  /** Bits of an entry of the table. */
  int bits() {
    return bits;
  }

  /**
   * Whether so many data clusters make a file system of this type; near the limits some readers
   * count wrong, so sixteen clusters are left on either side.
   */
  boolean takes(long clusters) {
    return clusters >= minClusters + (this == FAT12 ? 0 : 16) && clusters <= maxClusters - 16;
  }

  /** What an entry holds that ends a chain. */
  int endOfChain() {
    return this == FAT32 ? 0x0fff_ffff : (1 << bits) - 1;
  }

  /** The name in the boot sector, which is for people only. */
  String label() {
    return String.format("%-8s", name());
  }
}
