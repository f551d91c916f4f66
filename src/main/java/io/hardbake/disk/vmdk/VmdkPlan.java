package io.hardbake.disk.vmdk;

import io.hardbake.disk.Segment;
import io.hardbake.disk.Volume;
import io.hardbake.disk.cluster.PackedCluster;
import io.hardbake.disk.cluster.PackedVolume;
import io.hardbake.io.Size;
import java.util.ArrayList;
import java.util.List;

/** Lays the parts of a file end to end, each from a sector's boundary, and notes where they lie. */
final class VmdkPlan {
  private static final int SECTOR = Vmdk.SECTOR;
  private static final long MAX_U32 = 0xffff_ffffL;

  private final PackedVolume packed;
  private final Descriptor descriptor;
  private final long sectors;
  private final List<Segment> segments = new ArrayList<>();
  private long end;

  VmdkPlan(PackedVolume packed, Descriptor descriptor) {
    this.packed = packed;
    this.descriptor = descriptor;
    this.sectors = packed.size().bytes() / SECTOR;
  }

  Volume file() {
    add(header(SparseHeader.AT_END));
    byte[] text = descriptor.text();
    if (text.length > Vmdk.DESCRIPTOR_SECTORS * SECTOR) {
      throw new IllegalArgumentException("a descriptor of " + text.length + " bytes");
    }
    add(text);
    end = (long) Vmdk.OVERHEAD_SECTORS * SECTOR;
    byte[] directory = directory();
    add(Marker.sector(directory.length / SECTOR, Marker.DIRECTORY));
    long directorySector = add(directory);
    add(Marker.sector(1, Marker.FOOTER));
    add(header(directorySector));
    add(Marker.sector(0, Marker.END_OF_STREAM));
    Volume.Builder file = Volume.builder(new Size(end));
    segments.forEach(file::add);
    return file.build();
  }

  /** Adds all grains with their tables; the directory names the tables. */
  private byte[] directory() {
    long grains = packed.size().blocks(Vmdk.GRAIN_SECTORS * SECTOR);
    int tables = Math.toIntExact(new Size(grains).blocks(Vmdk.TABLE_ENTRIES));
    byte[] directory = new byte[sectorsOf(tables * Integer.BYTES) * SECTOR];
    int next = 0;
    while (next < packed.clusters().size()) {
      int index = Math.toIntExact(packed.clusters().get(next).index() / Vmdk.TABLE_ENTRIES);
      byte[] table = new byte[Vmdk.TABLE_ENTRIES * Integer.BYTES];
      for (; next < packed.clusters().size(); next++) {
        PackedCluster grain = packed.clusters().get(next);
        if (grain.index() / Vmdk.TABLE_ENTRIES != index) {
          break;
        }
        int inTable = Math.toIntExact(grain.index() % Vmdk.TABLE_ENTRIES);
        Vmdk.view(table).putInt(inTable * Integer.BYTES, u32(add(grain)));
      }
      add(Marker.sector(table.length / SECTOR, Marker.TABLE));
      Vmdk.view(directory).putInt(index * Integer.BYTES, u32(add(table)));
    }
    return directory;
  }

  /** The sector where a grain's marker comes to stand. */
  private long add(PackedCluster grain) {
    long at = end;
    byte[] marker = Marker.grain(grain.index() * Vmdk.GRAIN_SECTORS, grain.length());
    segments.add(Segment.of(at, marker));
    segments.add(grain.at(at + marker.length));
    return finish(at, marker.length + grain.length());
  }

  /** The sector where the bytes come to stand. */
  private long add(byte[] bytes) {
    long at = end;
    segments.add(Segment.of(at, bytes));
    return finish(at, bytes.length);
  }

  private long finish(long at, int length) {
    end = at + (long) sectorsOf(length) * SECTOR;
    return at / SECTOR;
  }

  private byte[] header(long directory) {
    byte[] bytes = new byte[SECTOR];
    new SparseHeader(sectors, directory).writeAt(Vmdk.view(bytes), 0);
    return bytes;
  }

  private static int sectorsOf(int bytes) {
    return (bytes + SECTOR - 1) / SECTOR;
  }

  /** Sector numbers have 32 bits in the tables, so a file ends below 2 TiB. */
  private static int u32(long value) {
    if (value > MAX_U32) {
      throw new IllegalArgumentException("beyond 2 TiB: sector " + value);
    }
    return (int) value;
  }
}
