package io.hardbake.disk.gpt;

import io.hardbake.disk.Volume;
import io.hardbake.io.Size;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** Partitions, and the tables at both ends of the disk that list them. */
public final class PartitionTable {
  private static final int SECTOR = Extent.SECTOR;
  static final int ENTRY_SECTORS = GptEntry.COUNT * GptEntry.BYTES / SECTOR;

  /** First sector that a partition may use: behind MBR, header and entries. */
  static final int FIRST_USABLE = 2 + ENTRY_SECTORS;

  private PartitionTable() {}

  /**
   * The disk with these partitions, numbered from 1 in the order given.
   *
   * @param disk a whole number of sectors
   * @param diskId the disk's own GUID
   * @throws IllegalArgumentException if a partition lies outside of the usable sectors or over
   *     another one
   */
  public static Volume disk(Size disk, UUID diskId, BootSector boot, List<Partition> partitions) {
    if (disk.bytes() % SECTOR != 0 || disk.bytes() < 2L * (FIRST_USABLE + 1) * SECTOR) {
      throw new IllegalArgumentException("a disk of " + disk.bytes() + " bytes");
    }
    long sectors = disk.bytes() / SECTOR;
    long last = sectors - 1;
    long backupEntries = last - ENTRY_SECTORS;
    long lastUsable = backupEntries - 1;
    check(partitions, lastUsable);
    byte[] entries = entries(partitions);
    int crc = GptHeader.crc(ByteBuffer.wrap(entries), 0, entries.length);

    byte[] front = new byte[FIRST_USABLE * SECTOR];
    boot.writeAt(view(front), 0, sectors);
    new GptHeader(1, last, FIRST_USABLE, lastUsable, diskId, 2, crc).writeAt(view(front), SECTOR);
    System.arraycopy(entries, 0, front, 2 * SECTOR, entries.length);

    byte[] back = Arrays.copyOf(entries, entries.length + SECTOR);
    new GptHeader(last, 1, FIRST_USABLE, lastUsable, diskId, backupEntries, crc)
        .writeAt(view(back), entries.length);

    Volume.Builder volume = Volume.builder(disk);
    volume.add(0, front);
    partitions.forEach(each -> volume.add(each.extent().offset(), each.content()));
    volume.add(backupEntries * SECTOR, back);
    return volume.build();
  }

  private static void check(List<Partition> partitions, long lastUsable) {
    long free = FIRST_USABLE;
    for (Partition partition :
        partitions.stream()
            .sorted(Comparator.comparingLong(each -> each.extent().firstSector()))
            .toList()) {
      Extent extent = partition.extent();
      if (extent.firstSector() < free || extent.lastSector() > lastUsable) {
        throw new IllegalArgumentException(
            "%s: sectors %d to %d, while %d to %d are free"
                .formatted(
                    partition.name(), extent.firstSector(), extent.lastSector(), free, lastUsable));
      }
      free = extent.lastSector() + 1;
    }
  }

  private static byte[] entries(List<Partition> partitions) {
    if (partitions.size() > GptEntry.COUNT) {
      throw new IllegalArgumentException(partitions.size() + " partitions");
    }
    byte[] entries = new byte[ENTRY_SECTORS * SECTOR];
    for (int i = 0; i < partitions.size(); i++) {
      GptEntry.of(partitions.get(i)).writeAt(view(entries), i * GptEntry.BYTES);
    }
    return entries;
  }

  private static ByteBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
