package io.hardbake.disk.vmdk;

import io.hardbake.disk.Volume;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.DeflateCodec;
import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.regex.Pattern;

/** The streamOptimized VMDK file of a disk. */
public final class Vmdk {
  static final int SECTOR = 512;
  static final int GRAIN_SECTORS = ClusterPacker.CLUSTER / SECTOR;
  static final int DESCRIPTOR_SECTOR = 1;
  static final int DESCRIPTOR_SECTORS = 20;

  /** Where the first grain's marker stands: a grain's length from the beginning. */
  static final int OVERHEAD_SECTORS = GRAIN_SECTORS;

  static final int TABLE_ENTRIES = 512;

  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9._-]+\\.vmdk");

  private Vmdk() {}

  /**
   * Compresses the disk and plans the file.
   *
   * @param name what people call it, while it is compressed
   * @param disk a whole number of 512-byte sectors
   * @param fileName the name that the file will have, such as {@code box-disk001.vmdk}
   * @param id the disk's UUID, which follows from what is on it
   */
  public static Volume file(
      String name, Volume disk, String fileName, UUID id, ClusterPacker packer)
      throws IOException, BakeException, InterruptedException {
    if (disk.size().bytes() % SECTOR != 0) {
      throw new IllegalArgumentException("a disk of " + disk.size().bytes() + " bytes");
    }
    if (!FILE_NAME.matcher(fileName).matches()) {
      throw new IllegalArgumentException("not a VMDK's file name: " + fileName);
    }
    Descriptor descriptor = new Descriptor(fileName, disk.size().bytes() / SECTOR, id);
    return new VmdkPlan(packer.pack(name, disk, DeflateCodec.ZLIB), descriptor).file();
  }

  static ByteBuffer view(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
