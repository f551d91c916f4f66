package io.hardbake.disk.machine;

import io.hardbake.failure.BakeException;

/** A raw disk: partition table, boot sector, FAT and ext4. */
public final class MachineDiskFuzz {
  private static final EditedDisk DISK = EditedDisk.of((disk, packer) -> disk, file -> file);

  private MachineDiskFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws BakeException {
    DISK.read(input);
  }
}
