package io.hardbake.disk.machine;

import io.hardbake.disk.qcow2.Compression;
import io.hardbake.disk.qcow2.Qcow2;
import io.hardbake.disk.qcow2.Qcow2Disk;
import io.hardbake.failure.BakeException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A qcow2 file; the first byte says with which compression. */
public final class Qcow2Fuzz {
  private static final List<EditedDisk> DISKS =
      Stream.of(Compression.ZSTD, Compression.DEFLATE)
          .map(
              compression ->
                  EditedDisk.of(
                      (disk, packer) -> Qcow2.file("disk", disk, compression, packer),
                      Qcow2Disk::open))
          .toList();

  private Qcow2Fuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws BakeException {
    if (input.length > 0) {
      DISKS.get(input[0] & 1).read(Arrays.copyOfRange(input, 1, input.length));
    }
  }
}
