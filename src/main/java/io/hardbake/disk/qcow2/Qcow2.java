package io.hardbake.disk.qcow2;

import io.hardbake.disk.Volume;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.PackedVolume;
import io.hardbake.failure.BakeException;
import java.io.IOException;

/** The qcow2 file of a disk. */
public final class Qcow2 {
  static final int CLUSTER_BITS = 16;
  private static final int SECTOR = 512;

  private Qcow2() {}

  /**
   * Compresses the disk and plans the file.
   *
   * @param name what people call it, while it is compressed
   * @param disk a whole number of 512-byte sectors
   */
  public static Volume file(String name, Volume disk, Compression compression, ClusterPacker packer)
      throws IOException, BakeException, InterruptedException {
    if (disk.size().bytes() % SECTOR != 0) {
      throw new IllegalArgumentException("a disk of " + disk.size().bytes() + " bytes");
    }
    PackedVolume packed = packer.pack(name, disk, compression.codec());
    return new Qcow2Plan(packed).file(compression);
  }
}
