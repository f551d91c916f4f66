package io.hardbake.disk.fat;

import static java.util.Objects.requireNonNull;

import io.hardbake.disk.Segment;
import io.hardbake.disk.Volume;
import io.hardbake.failure.UsageException;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SortedMap;

/** Plans a FAT file system: each directory in front of what it contains, all in one piece. */
public final class FatFileSystem {
  private static final int MAX_ENTRIES = 1 << 16;
  private static final String DOT = String.format("%-11s", ".");
  private static final String DOT_DOT = String.format("%-11s", "..");

  private final FatSettings settings;
  private final FatGeometry geometry;
  private final FatTable table;
  private final Volume.Builder volume;

  private FatFileSystem(FatSettings settings, FatGeometry geometry, long clusters) {
    this.settings = settings;
    this.geometry = geometry;
    this.table = new FatTable(geometry, clusters);
    this.volume = Volume.builder(settings.size());
  }

  /**
   * The file system with these files; directories come from their paths.
   *
   * @throws UsageException if a name cannot be stored or is there twice, a file is too large, or
   *     all together are
   */
  public static Volume plan(FatSettings settings, SortedMap<AbsolutePath, Content> files)
      throws IOException, UsageException {
    FatGeometry geometry = FatGeometry.of(settings.size());
    FatDirectory root = FatDirectory.of(files);
    long needed = clusters(root, geometry);
    if (needed > geometry.clusters()) {
      throw new UsageException(
          "the files need %s on the file system %s, which has room for %s"
              .formatted(
                  new Size(needed * geometry.clusterBytes()),
                  settings.label(),
                  new Size(geometry.clusters() * geometry.clusterBytes())),
          "leave files out, or make the file system larger");
    }
    return new FatFileSystem(settings, geometry, needed).plan(root);
  }

  /** Clusters of a directory and all below it. */
  private static long clusters(FatDirectory directory, FatGeometry geometry) throws UsageException {
    int limit = isFixed(directory, geometry) ? geometry.rootEntries() : MAX_ENTRIES;
    if (entries(directory) > limit) {
      throw new UsageException(
          "%s needs %d directory entries, and FAT has room for %d there"
              .formatted(directory.path(), entries(directory), limit),
          "put some of the files into directories of their own");
    }
    long clusters = ownClusters(directory, geometry);
    for (Content file : directory.files().values()) {
      clusters += geometry.clustersFor(file.size().bytes());
    }
    for (FatDirectory each : directory.directories().values()) {
      clusters += clusters(each, geometry);
    }
    return clusters;
  }

  private static boolean isFixed(FatDirectory directory, FatGeometry geometry) {
    return directory.path().isRoot() && geometry.rootEntries() > 0;
  }

  /** The root has the volume's label, the others themselves and their parent. */
  private static int entries(FatDirectory directory) {
    return directory.entries() + (directory.path().isRoot() ? 1 : 2);
  }

  private static long ownClusters(FatDirectory directory, FatGeometry geometry) {
    return isFixed(directory, geometry)
        ? 0
        : geometry.clustersFor((long) entries(directory) * FatEntry.BYTES);
  }

  private Volume plan(FatDirectory root) throws IOException {
    place(root, 0);
    bootSector(0);
    if (geometry.type() == FatType.FAT32) {
      bootSector(FatBootSector.BACKUP_SECTOR);
    }
    for (int copy = 0; copy < FatGeometry.TABLES; copy++) {
      volume.add(geometry.tableOffset(copy), table.bytes());
    }
    return volume.build();
  }

  /** The boot sector, and behind it FSInfo where there is one. */
  private void bootSector(int sector) {
    byte[] bytes = new byte[FatGeometry.SECTOR];
    new FatBootSector(geometry, settings.serialNumber(), settings.paddedLabel())
        .writeAt(view(bytes), 0);
    volume.add((long) sector * FatGeometry.SECTOR, bytes);
    if (geometry.type() == FatType.FAT32) {
      byte[] info = new byte[FatGeometry.SECTOR];
      long used = table.nextFree() - FatGeometry.FIRST_CLUSTER;
      new FsInfo(geometry.clusters() - used, table.nextFree()).writeAt(view(info), 0);
      volume.add((long) (sector + FatBootSector.FS_INFO_SECTOR) * FatGeometry.SECTOR, info);
    }
  }

  /**
   * Plans a directory and all below it.
   *
   * @param parent its parent's first cluster, 0 where that is the root
   * @return its first cluster, 0 for a root of fixed size
   */
  private long place(FatDirectory directory, long parent) throws IOException {
    boolean root = directory.path().isRoot();
    long clusters = ownClusters(directory, geometry);
    long cluster = clusters == 0 ? 0 : table.allocate(clusters);
    byte[] bytes = new byte[entries(directory) * FatEntry.BYTES];
    volume.add(cluster == 0 ? geometry.rootOffset() : geometry.clusterOffset(cluster), bytes);
    ByteBuffer out = view(bytes);
    int at = 0;
    if (root) {
      entry(settings.paddedLabel(), FatEntry.VOLUME_LABEL, 0, 0).writeAt(out, at);
      at += FatEntry.BYTES;
    } else {
      entry(DOT, FatEntry.DIRECTORY, cluster, 0).writeAt(out, at);
      entry(DOT_DOT, FatEntry.DIRECTORY, parent, 0).writeAt(out, at + FatEntry.BYTES);
      at += 2 * FatEntry.BYTES;
    }
    for (Map.Entry<String, String> name : directory.names().entrySet()) {
      if (!ShortNames.isExact(name.getKey())) {
        LongName longName = new LongName(name.getKey(), name.getValue());
        longName.writeAt(out, at);
        at += longName.entries() * FatEntry.BYTES;
      }
      FatDirectory child = directory.directories().get(name.getKey());
      FatEntry entry;
      if (child != null) {
        entry = entry(name.getValue(), FatEntry.DIRECTORY, place(child, root ? 0 : cluster), 0);
      } else {
        entry = file(name.getValue(), requireNonNull(directory.files().get(name.getKey())));
      }
      entry.writeAt(out, at);
      at += FatEntry.BYTES;
    }
    return cluster;
  }

  private FatEntry file(String shortName, Content content) throws IOException {
    long size = content.size().bytes();
    if (size == 0) {
      return entry(shortName, FatEntry.FILE, 0, 0);
    }
    long cluster = table.allocate(geometry.clustersFor(size));
    volume.add(Segment.of(geometry.clusterOffset(cluster), content, 0, size));
    return entry(shortName, FatEntry.FILE, cluster, size);
  }

  private FatEntry entry(String shortName, int attributes, long cluster, long size) {
    return new FatEntry(shortName, attributes, settings.time(), cluster, size);
  }

  private static ByteBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
