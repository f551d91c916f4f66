package io.hardbake.disk.gpt;

import io.hardbake.io.Size;

/**
 * Sectors of a disk that belong together.
 *
 * @param firstSector number of the first one, from 0 (LBA)
 * @param sectors how many there are, at least one
 */
public record Extent(long firstSector, long sectors) {
  /** Bytes of a sector; disks whose sectors are 4096 bytes long are not made. */
  public static final int SECTOR = 512;

  public Extent {
    if (firstSector < 0 || sectors < 1) {
      throw new IllegalArgumentException(sectors + " sectors from " + firstSector);
    }
    Math.multiplyExact(Math.addExact(firstSector, sectors), SECTOR);
  }

  /** Position of the first byte on the disk. */
  public long offset() {
    return firstSector * SECTOR;
  }

  public Size size() {
    return new Size(sectors * SECTOR);
  }

  public long lastSector() {
    return firstSector + sectors - 1;
  }
}
