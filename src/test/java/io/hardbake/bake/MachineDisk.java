package io.hardbake.bake;

import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeFile;
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
import io.hardbake.disk.grub.CoreImage;
import io.hardbake.disk.grub.CoreSettings;
import io.hardbake.disk.grub.EfiFiles;
import io.hardbake.disk.grub.GrubFiles;
import io.hardbake.image.BootSpec;
import io.hardbake.image.Image;
import io.hardbake.image.Machine;
import io.hardbake.io.Bytes;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Layer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** A disk of an image's machine, put together from the parts. */
final class MachineDisk {
  private static final AbsolutePath GRUB_PC = AbsolutePath.of("/usr/lib/grub/i386-pc");

  private MachineDisk() {}

  static Path write(Image image, Size size, Path file) throws Exception {
    Machine machine = image.machine().orElseThrow();
    BootSpec boot = machine.boot();
    DiskLayout layout = DiskLayout.of(size);
    CoreImage core =
        CoreImage.assemble(grubFiles(boot), CoreSettings.forRoot(boot.rootFileSystem(), 3));
    long lba = layout.biosBoot().firstSector();
    List<Partition> partitions =
        List.of(
            partition(PartitionType.BIOS_BOOT, 1, layout.biosBoot(), biosBoot(core, layout)),
            partition(PartitionType.EFI_SYSTEM, 2, layout.efiSystem(), efi(image, boot, layout)),
            partition(PartitionType.LINUX, 3, layout.root(), root(image, machine, layout)));
    Volume disk =
        PartitionTable.disk(
            size, id(9), new BootSector(Bytes.of(core.bootCode(lba)), 0x68617264), partitions);
    VolumeFile.writeSparse(disk, file);
    return file;
  }

  private static Volume biosBoot(CoreImage core, DiskLayout layout) {
    Extent extent = layout.biosBoot();
    return Volume.builder(extent.size()).add(0, core.at(extent.firstSector())).build();
  }

  private static Volume efi(Image image, BootSpec boot, DiskLayout layout) throws Exception {
    SortedMap<AbsolutePath, Content> files =
        EfiFiles.of(
            image.architecture(),
            content(boot, EfiFiles.shim(image.architecture())),
            content(boot, EfiFiles.grub(image.architecture())),
            boot.rootFileSystem());
    return FatFileSystem.plan(
        new FatSettings(layout.efiSystem().size(), boot.efiLabel(), 0x1234abcd, image.created()),
        files);
  }

  private static Volume root(Image image, Machine machine, DiskLayout layout) throws Exception {
    List<Layer> layers = new ArrayList<>(image.layers());
    layers.add(machine.layer());
    return Ext4.plan(
        machine.tree(),
        layers,
        Ext4Settings.of(
            layout.root().size(), machine.boot().rootFileSystem(), id(8), "root", image.created()));
  }

  private static GrubFiles grubFiles(BootSpec boot) {
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

  private static Content content(BootSpec boot, AbsolutePath path) {
    Content content = boot.loaderFiles().get(path);
    if (content == null) {
      throw new AssertionError("no " + path);
    }
    return content;
  }

  private static Partition partition(
      PartitionType type, int number, Extent extent, Volume content) {
    return new Partition(type, id(number), "part" + number, extent, content);
  }

  private static UUID id(int number) {
    return new UUID(0x1111_2222_3333_4444L, 0x8888_9999_aaaa_0000L + number);
  }
}
