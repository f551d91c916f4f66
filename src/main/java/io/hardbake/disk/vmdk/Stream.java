package io.hardbake.disk.vmdk;

import io.hardbake.disk.Findings;
import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads a file's markers from front to back, as who receives a stream does, and holds them against
 * the tables, which who has the file reads by.
 */
final class Stream {
  private static final int SECTOR = Vmdk.SECTOR;

  private final VmdkDisk disk;
  private final Findings findings;
  private long grains;
  private long tables;
  private boolean footer;
  private boolean ended;

  Stream(VmdkDisk disk, Findings findings) {
    this.disk = disk;
    this.findings = findings;
  }

  /** Where the directory is in front, as QEMU writes it, the file is no stream. */
  void check() throws IOException {
    if (disk.header().directory() < Vmdk.OVERHEAD_SECTORS) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    long end = disk.file().size().bytes() / SECTOR;
    long at = Vmdk.OVERHEAD_SECTORS;
    while (at < end && !ended) {
      disk.file().read(at * SECTOR, bytes.clear());
      Marker marker = Marker.readAt(bytes, 0);
      long length = marker.isGrain() ? grain(at, marker) : part(at, marker);
      if (length <= 0 || length > end - at) {
        break;
      }
      at += length;
    }
    if (at != end || !ended || disk.file().size().bytes() % SECTOR != 0) {
      findings.add(VmdkDisk.RULE, "sector " + at, "the stream breaks off there");
      return;
    }
    count();
  }

  /** Sectors of a grain; 0 if it is none. */
  private long grain(long at, Marker marker) throws IOException {
    long number = marker.value() / Vmdk.GRAIN_SECTORS;
    if (marker.size() < 0
        || marker.value() < 0
        || marker.value() % Vmdk.GRAIN_SECTORS != 0
        || marker.value() >= disk.header().capacity()
        || disk.grain(number) != at) {
      findings.add(VmdkDisk.RULE, "sector " + at, "there is a grain that no table has there");
    }
    grains++;
    return new Size(Marker.GRAIN_BYTES + (long) Math.max(0, marker.size())).blocks(SECTOR);
  }

  /** Sectors of what is no grain; 0 if it is nothing. */
  private long part(long at, Marker marker) {
    boolean known =
        switch (marker.type()) {
          case Marker.TABLE -> {
            tables++;
            yield marker.value() == Vmdk.TABLE_ENTRIES * Integer.BYTES / SECTOR;
          }
          case Marker.DIRECTORY -> at + 1 == disk.header().directory();
          case Marker.FOOTER -> {
            footer = true;
            yield marker.value() == 1;
          }
          case Marker.END_OF_STREAM -> {
            ended = true;
            yield marker.value() == 0;
          }
          default -> false;
        };
    if (!known) {
      findings.add(VmdkDisk.RULE, "sector " + at, "there is a marker that does not belong there");
      return 0;
    }
    return marker.value() < 0 || marker.value() > Integer.MAX_VALUE ? 0 : 1 + marker.value();
  }

  private void count() throws IOException {
    long there = 0;
    long filled = 0;
    for (int i = 0; i < disk.tables(); i++) {
      if (disk.table(i) == VmdkDisk.HOLE) {
        continue;
      }
      there++;
      long first = (long) i * Vmdk.TABLE_ENTRIES;
      for (long grain = first; grain < first + Vmdk.TABLE_ENTRIES; grain++) {
        filled += disk.grain(grain) == VmdkDisk.HOLE ? 0 : 1;
      }
    }
    if (there != tables || filled != grains) {
      findings.add(
          VmdkDisk.RULE,
          "grain directory",
          "it has %d tables with %d grains, the stream %d with %d"
              .formatted(there, filled, tables, grains));
    }
    if (!footer) {
      findings.add(VmdkDisk.RULE, "footer", "there is none");
    }
  }
}
