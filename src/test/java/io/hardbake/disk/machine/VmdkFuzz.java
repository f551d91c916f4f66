package io.hardbake.disk.machine;

import io.hardbake.disk.vmdk.Vmdk;
import io.hardbake.disk.vmdk.VmdkDisk;
import io.hardbake.failure.BakeException;
import java.util.UUID;

/** A VMDK file. */
public final class VmdkFuzz {
  private static final EditedDisk DISK =
      EditedDisk.of(
          (disk, packer) -> Vmdk.file("disk", disk, "disk.vmdk", new UUID(7, 8), packer),
          VmdkDisk::open);

  private VmdkFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws BakeException {
    DISK.read(input);
  }
}
