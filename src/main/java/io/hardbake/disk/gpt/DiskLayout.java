package io.hardbake.disk.gpt;

import io.hardbake.io.Size;

/**
 * Where the partitions of a bootable disk lie. All begin and end at whole MiB, so that file systems
 * and the clusters of disk formats lie even.
 *
 * @param biosBoot for GRUB's core image
 * @param efiSystem the EFI system partition
 * @param root all the rest
 */
public record DiskLayout(Size disk, Extent biosBoot, Extent efiSystem, Extent root) {
  private static final long MIB = (1L << 20) / Extent.SECTOR;
  private static final long EFI_SYSTEM_MIB = 64;
  private static final long ROOT_MIB = 2 + EFI_SYSTEM_MIB;

  /** The smallest disk: one MiB for the root, and one at the end for the backup table. */
  public static final Size MINIMUM = Size.mib(ROOT_MIB + 2);

  /** The smallest disk of whole GiB whose root is not smaller than this. */
  public static Size smallest(Size root) {
    Size gibibyte = Size.gib(1);
    Size rest = gibibyte.minus(of(gibibyte).root.size());
    return Size.gib(root.plus(rest).blocks(Math.toIntExact(gibibyte.bytes())));
  }

  /** The layout of a disk of this size, which is a whole number of MiB. */
  public static DiskLayout of(Size disk) {
    if (disk.compareTo(MINIMUM) < 0 || disk.bytes() % Size.mib(1).bytes() != 0) {
      throw new IllegalArgumentException(
          "a disk of %d bytes: whole MiB, and at least %s".formatted(disk.bytes(), MINIMUM));
    }
    long mebibytes = disk.bytes() / Size.mib(1).bytes();
    return new DiskLayout(
        disk,
        new Extent(MIB, MIB),
        new Extent(2 * MIB, EFI_SYSTEM_MIB * MIB),
        new Extent(ROOT_MIB * MIB, (mebibytes - 1 - ROOT_MIB) * MIB));
  }
}
