package io.hardbake.disk.vmdk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskImage;
import io.hardbake.disk.Findings;
import io.hardbake.disk.ReadableDisk;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.DeflateCodec;
import io.hardbake.disk.cluster.LastRead;
import io.hardbake.disk.cluster.UnpackedClusters;
import io.hardbake.io.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The disk in a streamOptimized VMDK file. */
public final class VmdkDisk implements DiskImage {
  static final String RULE = "vmdk-structure";

  private static final int SECTOR = Vmdk.SECTOR;

  /** Grain tables that are kept: 1 MiB, which 16 GiB of disk have. */
  private static final int KEPT = 512;

  /** Where nothing is stored. */
  static final long HOLE = 0;

  private static final int MAX_GRAIN = 2 * ClusterPacker.CLUSTER;

  private final ReadableDisk file;
  private final SparseHeader header;
  private final String descriptor;
  private final ByteBuffer directory;
  private final LastRead tables = new LastRead(KEPT);
  private final UnpackedClusters clusters;

  private VmdkDisk(
      ReadableDisk file, SparseHeader header, String descriptor, ByteBuffer directory) {
    this.file = file;
    this.header = header;
    this.descriptor = descriptor;
    this.directory = directory;
    this.clusters = new UnpackedClusters(size(), DeflateCodec.ZLIB, this::packedGrain);
  }

  /** Whether a file that begins with these bytes claims to be of the format. */
  public static boolean recognizes(ByteBuffer beginning) {
    return beginning.remaining() >= Integer.BYTES
        && Integer.reverseBytes(beginning.getInt(0)) == SparseHeader.MAGIC;
  }

  /**
   * Opens a file.
   *
   * @param file which the disk closes
   * @throws DamagedDiskException if it is not of the format, or of a kind that hardbake does not
   *     write
   */
  public static VmdkDisk open(ReadableDisk file) throws IOException {
    SparseHeader header = SparseHeader.readAt(read(file, 0, SECTOR), 0);
    if (header.directory() == SparseHeader.AT_END) {
      // Footer and end of stream stand last, each in a sector.
      SparseHeader footer =
          SparseHeader.readAt(read(file, file.size().bytes() - 2 * SECTOR, SECTOR), 0);
      if (footer.capacity() != header.capacity()) {
        throw new DamagedDiskException("the VMDK file's header and footer differ");
      }
      header = footer;
    }
    ByteBuffer text = read(file, Vmdk.DESCRIPTOR_SECTOR * SECTOR, Vmdk.DESCRIPTOR_SECTORS * SECTOR);
    long tables = new Size(grains(header)).blocks(Vmdk.TABLE_ENTRIES);
    int bytes = Math.toIntExact(tables * Integer.BYTES);
    if (header.directory() < 0 || header.directory() > file.size().bytes() / SECTOR) {
      throw new DamagedDiskException(
          "the VMDK file has no grain directory in sector " + header.directory());
    }
    ByteBuffer directory = read(file, header.directory() * SECTOR, bytes);
    return new VmdkDisk(file, header, US_ASCII.decode(text).toString(), directory);
  }

  private static ByteBuffer read(ReadableDisk file, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.read(at, bytes);
    return bytes.flip();
  }

  private static long grains(SparseHeader header) {
    return new Size(header.capacity()).blocks(Vmdk.GRAIN_SECTORS);
  }

  @Override
  public Size size() {
    return new Size(header.capacity() * SECTOR);
  }

  @Override
  public void read(long offset, ByteBuffer into) throws IOException {
    clusters.read(offset, into);
  }

  SparseHeader header() {
    return header;
  }

  ReadableDisk file() {
    return file;
  }

  /** How many tables there are. */
  int tables() {
    return directory.capacity() / Integer.BYTES;
  }

  /** The first sector of a table, {@link #HOLE} if it is not there. */
  long table(int index) {
    return Integer.toUnsignedLong(directory.getInt(index * Integer.BYTES));
  }

  /** The sector of a grain's marker, {@link #HOLE} for zeros. */
  long grain(long number) throws IOException {
    long table = table(Math.toIntExact(number / Vmdk.TABLE_ENTRIES));
    if (table == HOLE) {
      return HOLE;
    }
    byte[] entries =
        tables.get(
            table,
            sector -> read(file, sector * SECTOR, Vmdk.TABLE_ENTRIES * Integer.BYTES).array());
    int at = (int) (number % Vmdk.TABLE_ENTRIES) * Integer.BYTES;
    return Integer.toUnsignedLong(Vmdk.view(entries).getInt(at));
  }

  private Optional<UnpackedClusters.Packed> packedGrain(long number) throws IOException {
    long sector = grain(number);
    if (sector == HOLE) {
      return Optional.empty();
    }
    long at = sector * SECTOR;
    Marker marker = Marker.readAt(read(file, at, SECTOR), 0);
    if (marker.size() < 1
        || marker.size() > MAX_GRAIN
        || marker.value() != number * Vmdk.GRAIN_SECTORS) {
      throw new DamagedDiskException(
          "grain %d is not in sector %d, where its table has it".formatted(number, sector));
    }
    byte[] bytes = new byte[marker.size()];
    file.read(at + Marker.GRAIN_BYTES, ByteBuffer.wrap(bytes));
    return Optional.of(new UnpackedClusters.Packed(bytes, false));
  }

  @Override
  public SortedMap<String, String> facts() {
    SortedMap<String, String> facts =
        new TreeMap<>(
            Map.of(
                "format", "vmdk",
                "compression", "deflate",
                "virtual-size", Long.toString(size().bytes())));
    Descriptor.id(descriptor).ifPresent(id -> facts.put("vmdk-uuid", id));
    return Collections.unmodifiableSortedMap(facts);
  }

  @Override
  public void check(Findings findings) throws IOException {
    if (!Descriptor.describes(descriptor, header.capacity())) {
      findings.add(RULE, "descriptor", "it does not describe a disk of this size");
    }
    new Stream(this, findings).check();
  }

  @Override
  public void close() throws IOException {
    clusters.close();
    file.close();
  }
}
