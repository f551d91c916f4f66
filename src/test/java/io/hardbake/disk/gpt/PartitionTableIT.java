package io.hardbake.disk.gpt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.disk.SampleVolume;
import io.hardbake.disk.SparseWriter;
import io.hardbake.disk.Volume;
import io.hardbake.io.Bytes;
import io.hardbake.io.Size;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** gdisk's and util-linux's eyes on our tables. */
class PartitionTableIT {
  private static final UUID DISK = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
  private static final UUID ROOT = UUID.fromString("fedcba98-7654-3210-fedc-ba9876543210");

  @TempDir private Path directory;

  @BeforeEach
  void tools() {
    Oracle.require("sgdisk", "sfdisk", "partx", "systemd-repart");
  }

  @ParameterizedTest
  @ValueSource(longs = {68, 1024, 10_240, 3_000_000})
  void isReadAsItWasMeant(long mebibytes) throws IOException {
    DiskLayout layout = DiskLayout.of(Size.mib(mebibytes));
    Path disk = write(layout);
    assertTrue(GptCheck.isSound(disk), () -> GptCheck.said(disk));
    String dump = Oracle.run("sfdisk", "-d", disk.toString()).succeeded().stdout();
    assertTrue(dump.contains("label: gpt\nlabel-id: 01234567-89AB-CDEF-0123-456789ABCDEF\n"), dump);
    assertTrue(dump.contains("first-lba: 34\nlast-lba: " + (mebibytes * 2048 - 34) + "\n"), dump);
    List<String> lines =
        dump.lines()
            .filter(line -> line.startsWith(disk.toString()))
            .map(line -> line.substring(line.indexOf(':') + 2).replaceAll(" +", " "))
            .toList();
    assertEquals(
        List.of(
            "start= 2048, size= 2048, type=21686148-6449-6E6F-744E-656564454649,"
                + " uuid=00000000-0000-0000-0000-000000000001, name=\"BIOS boot\"",
            "start= 4096, size= 131072, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B,"
                + " uuid=00000000-0000-0000-0000-000000000002, name=\"EFI system\"",
            "start= 135168, size= %d, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4,"
                    .formatted(layout.root().sectors())
                + " uuid=FEDCBA98-7654-3210-FEDC-BA9876543210, name=\"root\""),
        lines);
    String partx =
        Oracle.run("partx", "-g", "-o", "NR,START,END", disk.toString()).succeeded().stdout();
    assertTrue(
        Pattern.compile("3 +135168 +" + layout.root().lastSector()).matcher(partx).find(), partx);
  }

  @Test
  void bootCodeAndContentsAreWhereTheyBelong() throws IOException {
    Path disk = write(DiskLayout.of(Size.mib(80)));
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "r")) {
      assertEquals(0x11, file.read());
      file.seek(439);
      assertEquals(0x11, file.read());
      assertEquals(0x78563412, file.readInt()); // little-endian on disk
      file.seek(0x1c2);
      assertEquals(0xee, file.read());
      file.seek(510);
      assertEquals(0x55aa, file.readUnsignedShort());
      file.seek(2048 * 512);
      assertEquals(7, file.read());
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {512, 512 + 0x18, 512 + 0x38, 2 * 512 + 0x20, -512, -512 + 0x48, -33 * 512 + 0x11})
  void aFlippedByteIsNoticed(long at) throws IOException {
    Path disk = write(DiskLayout.of(Size.mib(70)));
    flip(disk, at);
    assertFalse(GptCheck.isSound(disk));
  }

  /** As at a first boot, by what a machine has for that in /etc/repart.d. */
  @Test
  void aDiskThatWasMadeLargerIsSoundOnceItsRootHasGrown() throws IOException {
    Path disk = write(DiskLayout.of(Size.mib(70)));
    Oracle.run("truncate", "-s", "120M", disk.toString()).succeeded();
    assertFalse(GptCheck.isSound(disk));
    Path definitions = Files.createDirectory(directory.resolve("repart.d"));
    Files.writeString(definitions.resolve("50-root.conf"), "[Partition]\nType=linux-generic\n");
    Oracle.run(
            "systemd-repart",
            "--definitions=" + definitions.toAbsolutePath(),
            "--dry-run=no",
            disk.toAbsolutePath().toString())
        .succeeded();
    String partx = Oracle.run("partx", "-g", "-o", "END", "-n", "3", disk.toString()).stdout();
    assertTrue(Long.parseLong(partx.strip()) > 119 * 2048, partx);
    assertTrue(GptCheck.isSound(disk), () -> GptCheck.said(disk));
    flip(disk, -512 + 0x48);
    assertFalse(GptCheck.isSound(disk));
  }

  /** A bit at an offset, from the end if that is negative. */
  private static void flip(Path disk, long at) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      long position = at < 0 ? file.length() + at : at;
      file.seek(position);
      int b = file.read();
      file.seek(position);
      file.write(b ^ 1);
    }
  }

  private Path write(DiskLayout layout) throws IOException {
    byte[] code = new byte[BootSector.MAX_CODE];
    Arrays.fill(code, (byte) 0x11);
    Volume core = Volume.builder(layout.biosBoot().size()).add(0, new byte[] {7, 7, 7}).build();
    Volume esp = SampleVolume.make(directory, layout.efiSystem().size(), 1);
    Volume root = Volume.builder(layout.root().size()).add(4096, new byte[] {1}).build();
    Volume disk =
        PartitionTable.disk(
            layout.disk(),
            DISK,
            new BootSector(Bytes.of(code), 0x12345678),
            List.of(
                new Partition(
                    PartitionType.BIOS_BOOT, new UUID(0, 1), "BIOS boot", layout.biosBoot(), core),
                new Partition(
                    PartitionType.EFI_SYSTEM,
                    new UUID(0, 2),
                    "EFI system",
                    layout.efiSystem(),
                    esp),
                new Partition(PartitionType.LINUX, ROOT, "root", layout.root(), root)));
    Path file = directory.resolve("disk.raw");
    SparseWriter.write(disk, file);
    return file;
  }
}
