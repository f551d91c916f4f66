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
import io.hardbake.io.Bytes;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** A small disk that has all that a machine's disk has, but for the code of boot loaders. */
final class SampleDisk {
  static final DiskLayout LAYOUT = DiskLayout.of(Size.mib(76));
  static final UUID ROOT = UUID.fromString("8b1f4b2c-4f0e-4b1c-9c55-000102030405");
  private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);
  private static final Meta META = Meta.root(0644, 1_600_000_000, new Provenance("test"));

  private SampleDisk() {}

  static FileTree tree() {
    FileTree.Builder tree = FileTree.builder(META.withMode(0755));
    AbsolutePath sudo = AbsolutePath.of("/bin/sudo");
    tree.put(sudo, new RegularFile(META.withMode(04755), Content.of("sudo".repeat(3000))));
    tree.put(AbsolutePath.of("/bin/sudoedit"), new HardLink(META, sudo));
    tree.put(AbsolutePath.of("/lib"), new Symlink(META.withMode(0777), "usr/lib"));
    tree.put(
        AbsolutePath.of("/bin/ping"),
        new RegularFile(
            META.withXattr("security.capability", Bytes.ofHex("01".repeat(200)))
                .withXattr("user.note", Bytes.ofHex("02".repeat(60))),
            Content.of("ping")));
    byte[] noise = new byte[300_000];
    new Random(9).nextBytes(noise);
    tree.put(AbsolutePath.of("/bin/large"), new RegularFile(META, Content.of(noise)));
    for (int i = 0; i < 200; i++) {
      tree.put(AbsolutePath.of("/etc/name-" + i), new RegularFile(META, Content.of("body " + i)));
    }
    return tree.freeze();
  }

  static Map<AbsolutePath, Content> efiFiles() {
    return Map.of(
        AbsolutePath.of("/EFI/BOOT/BOOTX64.EFI"), Content.of("shim".repeat(5000)),
        AbsolutePath.of("/EFI/BOOT/grubx64.efi"), Content.of("grub".repeat(700)),
        AbsolutePath.of("/EFI/debian/grub.cfg"), Content.of("search\n"));
  }

  static Volume volume() throws Exception {
    return volume(LAYOUT);
  }

  static Volume volume(DiskLayout layout) throws Exception {
    long place = layout.biosBoot().firstSector();
    ByteBuffer code = ByteBuffer.allocate(440).order(ByteOrder.LITTLE_ENDIAN);
    code.putLong(0x5c, place);
    ByteBuffer core = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    core.putLong(0x1f4, place + 1).putShort(0x1fc, (short) 9);
    Volume bios = Volume.builder(layout.biosBoot().size()).add(0, core.array()).build();
    Volume efi =
        FatFileSystem.plan(
            new FatSettings(layout.efiSystem().size(), "EFI-SYSTEM", 0x1234abcd, TIME),
            new TreeMap<>(efiFiles()));
    Volume root =
        Ext4.plan(
            tree(),
            List.of(),
            Ext4Settings.of(layout.root().size(), ROOT, new UUID(1, 2), "root", TIME));
    return PartitionTable.disk(
        layout.disk(),
        new UUID(3, 4),
        new BootSector(Bytes.of(code.array()), 77),
        List.of(
            partition(PartitionType.BIOS_BOOT, layout.biosBoot(), bios),
            partition(PartitionType.EFI_SYSTEM, layout.efiSystem(), efi),
            partition(PartitionType.LINUX, layout.root(), root)));
  }

  private static Partition partition(PartitionType type, Extent extent, Volume content) {
    return new Partition(type, new UUID(5, extent.firstSector()), type.name(), extent, content);
  }
}
