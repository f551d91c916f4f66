package io.hardbake.disk.qcow2;

import io.hardbake.disk.FrontToBack;
import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeFile;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.failure.BakeException;
import io.hardbake.image.Artifact;
import io.hardbake.image.Ledger;
import java.io.IOException;
import java.nio.file.Path;

/** The qcow2 file of a disk. */
public final class Qcow2 {
  static final int CLUSTER_BITS = 16;
  private static final int SECTOR = 512;

  /**
   * What a file's bytes follow from besides the disk and the codec; changes with {@link Qcow2Plan}.
   */
  private static final String LAYOUT = "qcow2 layout 2";

  private Qcow2() {}

  /**
   * Compresses the disk and plans the file.
   *
   * @param name what people call it, while it is compressed
   * @param disk a whole number of 512-byte sectors
   */
  public static Volume file(String name, Volume disk, Compression compression, ClusterPacker packer)
      throws IOException, BakeException, InterruptedException {
    Qcow2Plan plan = plan(disk, compression);
    packer.pack(name, disk, compression.codec(), clusters -> clusters.forEach(plan::add));
    return plan.file();
  }

  /**
   * Compresses the disk and writes the same file meanwhile, unless an earlier bake wrote it there.
   */
  public static Artifact write(
      Volume disk, Compression compression, ClusterPacker packer, Path file, Ledger ledger)
      throws IOException, BakeException, InterruptedException {
    String key =
        "%s, %s, disk %s"
            .formatted(LAYOUT, compression.codec().id(), disk.identity(0, disk.size().bytes()));
    return ledger.artifact(file, key, () -> write(disk, compression, packer, file));
  }

  private static Artifact write(
      Volume disk, Compression compression, ClusterPacker packer, Path file)
      throws IOException, BakeException, InterruptedException {
    Qcow2Plan plan = plan(disk, compression);
    try (FrontToBack out = FrontToBack.begin(file)) {
      packer.pack(
          file.getFileName().toString(),
          disk,
          compression.codec(),
          clusters -> {
            clusters.forEach(plan::add);
            out.extend(plan.known());
          });
      Volume whole = plan.file();
      if (plan.isPromiseKept()) {
        out.extend(whole);
        return out.commit();
      }
    }
    return VolumeFile.write(plan.file(), file);
  }

  private static Qcow2Plan plan(Volume disk, Compression compression) {
    if (disk.size().bytes() % SECTOR != 0) {
      throw new IllegalArgumentException("a disk of " + disk.size().bytes() + " bytes");
    }
    return new Qcow2Plan(disk.size(), disk.used(), compression);
  }
}
