package io.hardbake.disk.machine;

import io.hardbake.disk.Volume;
import io.hardbake.disk.ext4.Ext4;
import io.hardbake.disk.ext4.Ext4Settings;
import io.hardbake.disk.fat.FatFileSystem;
import io.hardbake.disk.fat.FatSettings;
import io.hardbake.disk.gpt.BootSector;
import io.hardbake.disk.gpt.DiskLayout;
import io.hardbake.disk.gpt.Extent;
import io.hardbake.disk.gpt.Partition;
import io.hardbake.disk.gpt.PartitionTable;
import io.hardbake.disk.gpt.PartitionType;
import io.hardbake.disk.grub.CoreCache;
import io.hardbake.disk.grub.CoreImage;
import io.hardbake.disk.grub.CoreSettings;
import io.hardbake.disk.grub.EfiFiles;
import io.hardbake.disk.grub.GrubFiles;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.RecipeException;
import io.hardbake.image.Architecture;
import io.hardbake.image.BootSpec;
import io.hardbake.image.Image;
import io.hardbake.image.Machine;
import io.hardbake.io.Bytes;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Layer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Plans the disk of a machine: it boots under UEFI, and a PC's under BIOS too. */
public final class MachineDisk {
  private static final AbsolutePath GRUB_PC = AbsolutePath.of("/usr/lib/grub/i386-pc");

  /** The root's number in the partition table, counted from 1. */
  private static final int ROOT_NUMBER = 3;

  private static final String ROOT = "root";

  private final Image image;
  private final Machine machine;
  private final BootSpec boot;
  private final DiskLayout layout;
  private final DiskIds ids;
  private final CoreCache cores;

  private MachineDisk(Image image, Machine machine, Size size, CoreCache cores) {
    this.image = image;
    this.machine = machine;
    this.boot = machine.boot();
    this.layout = DiskLayout.of(size);
    this.ids = new DiskIds(boot.rootFileSystem());
    this.cores = cores;
  }

  /**
   * Plans a disk.
   *
   * @param machine of the image
   * @param size whole MiB; holes cost nothing
   * @param cores where GRUB's compressed core may be kept
   * @throws RecipeException if the machine's files do not fit
   * @throws IntegrityException if what boot loaders are made of is not what it should be
   */
  public static Volume plan(Image image, Machine machine, Size size, CoreCache cores)
      throws BakeException, IOException, InterruptedException {
    return new MachineDisk(image, machine, size, cores).plan();
  }

  private Volume plan() throws BakeException, IOException, InterruptedException {
    BootSector sector = BootSector.empty();
    Volume.Builder biosBoot = Volume.builder(layout.biosBoot().size());
    // Only PCs have a BIOS; elsewhere the partition stays empty, and the root keeps its number.
    if (image.architecture() == Architecture.AMD64) {
      CoreSettings settings = CoreSettings.forRoot(boot.rootFileSystem(), ROOT_NUMBER);
      CoreImage core = CoreImage.assemble(grubFiles(), settings, cores);
      long place = layout.biosBoot().firstSector();
      biosBoot.add(0, core.at(place));
      sector = new BootSector(Bytes.of(core.bootCode(place)), ids.number("disk signature"));
    }
    List<Partition> partitions =
        List.of(
            partition(PartitionType.BIOS_BOOT, "bios-boot", layout.biosBoot(), biosBoot.build()),
            partition(PartitionType.EFI_SYSTEM, "efi-system", layout.efiSystem(), efiSystem()),
            partition(PartitionType.LINUX, ROOT, layout.root(), root()));
    return PartitionTable.disk(layout.disk(), ids.uuid("disk"), sector, partitions);
  }

  private Partition partition(PartitionType type, String name, Extent extent, Volume content) {
    return new Partition(type, ids.uuid("partition " + name), name, extent, content);
  }

  private Volume efiSystem() throws BakeException, IOException {
    SortedMap<AbsolutePath, Content> files =
        EfiFiles.of(
            image.architecture(),
            loaderFile(EfiFiles.shim(image.architecture())),
            loaderFile(EfiFiles.grub(image.architecture())),
            boot.rootFileSystem());
    return FatFileSystem.plan(
        new FatSettings(
            layout.efiSystem().size(),
            boot.efiLabel(),
            ids.number("efi-system serial"),
            image.created()),
        files);
  }

  /**
   * Files in the order of their layers, so that disks whose lower layers are equal have most
   * clusters in common.
   */
  private Volume root() throws BakeException, IOException {
    List<Layer> layers = new ArrayList<>(image.layers());
    layers.addAll(machine.layers());
    Ext4Settings settings =
        Ext4Settings.of(
            layout.root().size(),
            boot.rootFileSystem(),
            ids.uuid("root hash seed"),
            ROOT,
            image.created());
    try {
      return Ext4.plan(machine.tree(), layers, settings);
    } catch (RecipeException e) {
      Size needed = DiskLayout.smallest(Ext4.smallestSize(machine.tree(), settings));
      throw new RecipeException(
          "the disk of %s is too small: %s".formatted(image.role(), e.getMessage()),
          "write `hardware: {disk: %dGiB}` into %s.yaml, or change it in the recipe that has it"
              .formatted(needed.blocks(1 << 30), image.role()),
          e);
    }
  }

  private GrubFiles grubFiles() {
    SortedMap<String, Content> files = new TreeMap<>();
    boot.loaderFiles()
        .forEach(
            (path, content) -> {
              if (path.parent().equals(GRUB_PC)) {
                files.put(path.name(), content);
              }
            });
    return new GrubFiles(files);
  }

  private Content loaderFile(AbsolutePath path) throws IntegrityException {
    Content content = boot.loaderFiles().get(path);
    if (content == null) {
      throw new IntegrityException(
          "the packages that boot loaders are made of have no " + path,
          "take them from Debian 12, or a newer hardbake");
    }
    return content;
  }
}
