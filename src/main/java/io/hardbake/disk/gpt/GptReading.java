package io.hardbake.disk.gpt;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.Findings;
import io.hardbake.disk.ReadableDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the tables of a disk say.
 *
 * @param disk the disk's own GUID
 * @param boot the first sector
 * @param partitions that lie within the usable sectors, by number, which begins with 1
 */
public record GptReading(UUID disk, BootSector boot, SortedMap<Integer, GptEntry> partitions) {
  /** A header or the entries do not have the CRC that stands beside them. */
  public static final String CRC = "gpt-crc";

  /** The tables contradict each other, or a partition lies where none can. */
  public static final String STRUCTURE = "gpt-structure";

  private static final int SECTOR = Extent.SECTOR;

  public GptReading {
    partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
  }

  /** One of the two headers with its entries. */
  private record Table(String name, GptHeader header, ByteBuffer entries, boolean sumsHold) {}

  /**
   * Reads the tables; of two that differ the first with valid sums counts.
   *
   * @param findings takes what is wrong
   * @throws DamagedDiskException if neither end of the disk has a table
   */
  public static GptReading of(ReadableDisk disk, Findings findings) throws IOException {
    long sectors = disk.size().bytes() / SECTOR;
    if (disk.size().bytes() % SECTOR != 0 || sectors < 2L * (PartitionTable.FIRST_USABLE + 1)) {
      throw new DamagedDiskException("a disk with %d bytes".formatted(disk.size().bytes()));
    }
    Optional<BootSector> boot = BootSector.readAt(sectors(disk, 0, 1), 0, sectors);
    if (boot.isEmpty()) {
      findings.add(STRUCTURE, "sector 0", "it is no protective MBR over the whole disk");
    }
    List<Table> tables = new ArrayList<>();
    read(disk, "primary", 1, sectors, findings).ifPresent(tables::add);
    read(disk, "backup", sectors - 1, sectors, findings).ifPresent(tables::add);
    Table chosen =
        tables.stream()
            .min(Comparator.comparing(table -> !table.sumsHold))
            .orElseThrow(() -> new DamagedDiskException("there is no partition table"));
    if (tables.size() == 2) {
      compare(tables.get(0).header, tables.get(1).header, findings);
    }
    return new GptReading(
        chosen.header.disk(),
        boot.orElse(BootSector.empty()),
        partitions(chosen, sectors, findings));
  }

  private static ByteBuffer sectors(ReadableDisk disk, long first, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    disk.read(first * SECTOR, bytes);
    return bytes.flip();
  }

  private static Optional<Table> read(
      ReadableDisk disk, String name, long at, long sectors, Findings findings) throws IOException {
    ByteBuffer sector = sectors(disk, at, 1);
    Optional<GptHeader> read = GptHeader.readAt(sector, 0);
    if (read.isEmpty()) {
      findings.add(STRUCTURE, name + " header", "there is none in sector " + at);
      return Optional.empty();
    }
    GptHeader header = read.get();
    boolean sums = GptHeader.sumHolds(sector, 0);
    if (!sums) {
      findings.add(CRC, name + " header", "its CRC-32 is wrong");
    }
    long place = at == 1 ? 2 : sectors - 1 - PartitionTable.ENTRY_SECTORS;
    if (header.at() != at || header.entries() != place) {
      findings.add(
          STRUCTURE,
          name + " header",
          "it stands in sector %d and says %d, with entries in %d"
              .formatted(at, header.at(), header.entries()));
      return Optional.empty();
    }
    ByteBuffer entries = sectors(disk, place, PartitionTable.ENTRY_SECTORS);
    if (GptHeader.crc(entries, 0, entries.capacity()) != header.entriesCrc()) {
      findings.add(CRC, name + " entries", "their CRC-32 is wrong");
      sums = false;
    }
    return Optional.of(new Table(name, header, entries, sums));
  }

  private static void compare(GptHeader primary, GptHeader backup, Findings findings) {
    GptHeader swapped =
        new GptHeader(
            backup.other(),
            backup.at(),
            backup.firstUsable(),
            backup.lastUsable(),
            backup.disk(),
            primary.entries(),
            backup.entriesCrc());
    if (!swapped.equals(primary)) {
      findings.add(STRUCTURE, "backup header", "it does not say what the primary one says");
    }
  }

  private static SortedMap<Integer, GptEntry> partitions(
      Table table, long sectors, Findings findings) {
    long first = table.header.firstUsable();
    long last = table.header.lastUsable();
    if (first < PartitionTable.FIRST_USABLE
        || last >= sectors - 1 - PartitionTable.ENTRY_SECTORS
        || first > last) {
      findings.add(
          STRUCTURE,
          table.name + " header",
          "sectors %d to %d cannot all be usable".formatted(first, last));
      first = PartitionTable.FIRST_USABLE;
      last = sectors - 2 - PartitionTable.ENTRY_SECTORS;
    }
    SortedMap<Integer, GptEntry> partitions = new TreeMap<>();
    for (int i = 0; i < GptEntry.COUNT; i++) {
      Optional<GptEntry> entry = GptEntry.readAt(table.entries, i * GptEntry.BYTES);
      if (entry.isEmpty()) {
        continue;
      }
      if (entry.get().within(first, last)) {
        partitions.put(i + 1, entry.get());
      } else {
        findings.add(STRUCTURE, "partition " + (i + 1), "it lies outside of the usable sectors");
      }
    }
    overlaps(partitions, findings);
    return partitions;
  }

  private static void overlaps(SortedMap<Integer, GptEntry> partitions, Findings findings) {
    List<Map.Entry<Integer, GptEntry>> order = new ArrayList<>(partitions.entrySet());
    order.sort(Comparator.comparing(entry -> entry.getValue().firstSector()));
    long end = -1;
    for (Map.Entry<Integer, GptEntry> entry : order) {
      if (entry.getValue().firstSector() <= end) {
        findings.add(STRUCTURE, "partition " + entry.getKey(), "it overlaps the one before");
      }
      end = Math.max(end, entry.getValue().lastSector());
    }
  }

  /** The first partition of a type. */
  public Optional<GptEntry> first(PartitionType type) {
    return partitions.values().stream().filter(entry -> entry.is(type)).findFirst();
  }
}
