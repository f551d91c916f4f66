package io.hardbake.disk.fat;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskBody;
import io.hardbake.disk.Findings;
import io.hardbake.disk.MemoryBudget;
import io.hardbake.disk.ReadableDisk;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Goes through the directories of a file system. Used once. */
final class FatReader {
  private static final int SECTOR = FatGeometry.SECTOR;

  /** Names in one directory, and in all: what is baked has a handful. */
  private static final int MAX_ENTRIES = 1 << 16;

  /** A table, of which there are two, has at most so many bytes: a file system of 128 GiB. */
  private static final long MAX_TABLE = 1 << 24;

  /** PATH_MAX. */
  private static final int MAX_PATH = 4095;

  private final ReadableDisk disk;
  private final Findings findings;
  private final MemoryBudget memory;
  private final FatBootSector boot;
  private final FatGeometry geometry;
  private final FatChains chains;

  FatReader(ReadableDisk disk, Findings findings, MemoryBudget memory) throws IOException {
    this.disk = disk;
    this.findings = findings;
    this.memory = memory;
    this.boot = FatBootSector.readAt(read(disk, 0, SECTOR), 0, disk.size().bytes() / SECTOR);
    this.geometry = boot.geometry();
    long bytes = geometry.tableSectors() * SECTOR;
    if (bytes > MAX_TABLE) {
      throw new DamagedDiskException("a FAT file system with a table of %d bytes".formatted(bytes));
    }
    this.chains = new FatChains(geometry, read(disk, geometry.tableOffset(0), (int) bytes), memory);
  }

  /**
   * What a name stands for.
   *
   * @param body nothing for a directory
   * @param time seconds since the epoch
   */
  record Found(Optional<DiskBody> body, long time) {}

  private record Level(AbsolutePath path, List<DiskBody.Run> runs) {}

  private static ByteBuffer read(ReadableDisk disk, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    disk.read(at, bytes);
    return bytes.flip();
  }

  /** Compares what is there twice. */
  void checkCopies() throws IOException {
    int length = (int) (geometry.tableSectors() * SECTOR);
    ByteBuffer first = read(disk, geometry.tableOffset(0), length);
    if (!first.equals(read(disk, geometry.tableOffset(1), length))) {
      findings.add(FatReading.COPIES, "file allocation tables", "the two of them differ");
    }
    if (geometry.type() == FatType.FAT32) {
      long backup = (long) FatBootSector.BACKUP_SECTOR * SECTOR;
      if (!read(disk, 0, SECTOR).equals(read(disk, backup, SECTOR))) {
        findings.add(FatReading.COPIES, "boot sector", "its copy in sector 6 differs");
      }
      checkInfo(chains.free());
    }
  }

  private void checkInfo(long free) throws IOException {
    long at = (long) FatBootSector.FS_INFO_SECTOR * SECTOR;
    Optional<FsInfo> info = FsInfo.readAt(read(disk, at, SECTOR), 0);
    if (info.isEmpty() || info.get().freeClusters() != free) {
      findings.add(
          FatReading.STRUCTURE,
          "FSInfo sector",
          "it does not say that %d clusters are free".formatted(free));
    }
  }

  /** All names but the root, parents first. */
  SortedMap<AbsolutePath, Found> readTree() throws IOException {
    SortedMap<AbsolutePath, Found> found = new TreeMap<>();
    Deque<Level> levels = new ArrayDeque<>();
    levels.add(new Level(AbsolutePath.ROOT, root()));
    while (!levels.isEmpty()) {
      Level level = levels.remove();
      directory(level, found, levels);
      if (found.size() > MAX_ENTRIES) {
        throw new DamagedDiskException("the FAT file system has too many files");
      }
    }
    return found;
  }

  private List<DiskBody.Run> root() throws IOException {
    int bytes = geometry.rootEntries() * FatEntry.BYTES;
    return bytes > 0
        ? List.of(new DiskBody.Run(geometry.rootOffset(), bytes))
        : chains.chain(FatGeometry.FIRST_CLUSTER);
  }

  private void directory(Level level, SortedMap<AbsolutePath, Found> found, Deque<Level> levels)
      throws IOException {
    ByteBuffer entries = entries(level);
    Set<String> names = new HashSet<>();
    int longParts = 0;
    for (int at = 0; at < entries.capacity(); at += FatEntry.BYTES) {
      int first = Byte.toUnsignedInt(entries.get(at));
      if (first == FatEntry.END) {
        return;
      }
      if (first == FatEntry.FREE) {
        longParts = 0;
      } else if (LongName.isPart(entries, at)) {
        longParts++;
      } else {
        Optional<String> name = name(entries, at, longParts);
        longParts = 0;
        boolean dot = first == '.';
        boolean label = (entries.get(at + 0x0b) & FatEntry.VOLUME_LABEL) != 0;
        if (dot || label) {
          continue;
        }
        // Before it is kept, and with the path that leads to it.
        memory.take(
            MemoryBudget.ENTRY + 2L * (level.path.value().length() + name.orElse("").length()));
        if (name.isEmpty() || !names.add(name.get().toUpperCase(Locale.ROOT))) {
          flaw(level.path, "it has a damaged name, or one twice");
        } else if (level.path.value().length() + name.get().length() < MAX_PATH) {
          entry(entries, at, level.path.child(name.get()), found, levels);
        }
      }
    }
  }

  private ByteBuffer entries(Level level) throws IOException {
    long bytes = level.runs.stream().mapToLong(DiskBody.Run::length).sum();
    if (bytes > (long) MAX_ENTRIES * FatEntry.BYTES) {
      flaw(level.path, "it is larger than a directory can be");
      return ByteBuffer.allocate(0);
    }
    ByteBuffer entries = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (DiskBody.Run run : level.runs) {
      entries.limit(entries.position() + (int) run.length());
      disk.read(run.at(), entries);
    }
    return entries.flip();
  }

  private static Optional<String> name(ByteBuffer entries, int at, int longParts) {
    Optional<String> name =
        longParts == 0
            ? Optional.of(FatEntry.shortName(entries, at))
            : LongName.readBefore(entries, at, longParts);
    return name.filter(
        text ->
            !text.isEmpty()
                && text.indexOf('/') < 0
                && text.indexOf('\0') < 0
                && !text.equals(".")
                && !text.equals(".."));
  }

  private void entry(
      ByteBuffer entries,
      int at,
      AbsolutePath path,
      SortedMap<AbsolutePath, Found> found,
      Deque<Level> levels)
      throws IOException {
    try {
      FatEntry entry = FatEntry.readAt(entries, at);
      long time = entry.time().getEpochSecond();
      List<DiskBody.Run> runs = entry.cluster() == 0 ? List.of() : chains.chain(entry.cluster());
      long room = runs.stream().mapToLong(DiskBody.Run::length).sum();
      if ((entry.attributes() & FatEntry.DIRECTORY) != 0) {
        found.put(path, new Found(Optional.empty(), time));
        levels.add(new Level(path, runs));
      } else {
        if (geometry.clustersFor(entry.size()) * geometry.clusterBytes() != room) {
          throw new DamagedDiskException(
              "it has %d bytes in clusters for %d".formatted(entry.size(), room));
        }
        DiskBody body = new DiskBody(disk, new Size(entry.size()), runs);
        found.put(path, new Found(Optional.of(body), time));
      }
    } catch (DamagedDiskException e) {
      flaw(path, e.problem());
    } catch (DateTimeException e) {
      flaw(path, "it has no time");
    }
  }

  /** Checks that the table has nothing that no name leads to. */
  void checkUse() {
    long lost = chains.lost();
    if (lost > 0) {
      findings.add(
          FatReading.STRUCTURE,
          "file allocation tables",
          "%d clusters are in use and in no file".formatted(lost));
    }
  }

  private void flaw(AbsolutePath path, String problem) {
    findings.add(FatReading.STRUCTURE, path.value(), problem);
  }

  SortedMap<String, String> facts() {
    return new TreeMap<>(
        Map.of(
            "label", boot.label().stripTrailing(),
            "serial", "%08X".formatted(boot.serialNumber()),
            "type", geometry.type().name()));
  }
}
