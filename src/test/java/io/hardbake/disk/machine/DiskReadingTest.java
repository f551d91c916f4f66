package io.hardbake.disk.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskImage;
import io.hardbake.disk.Segment;
import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeDisk;
import io.hardbake.disk.VolumeFile;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.DirectoryClusterCache;
import io.hardbake.disk.gpt.DiskLayout;
import io.hardbake.disk.qcow2.Compression;
import io.hardbake.disk.qcow2.Qcow2;
import io.hardbake.disk.qcow2.Qcow2Disk;
import io.hardbake.disk.vmdk.Vmdk;
import io.hardbake.disk.vmdk.VmdkDisk;
import io.hardbake.image.Finding;
import io.hardbake.image.Manifest;
import io.hardbake.image.UnpackedTree;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole disk in every format: read back, with wrong bits, and as garbage. */
final class DiskReadingTest {
  @TempDir private static Path directory;

  private static Volume disk;

  @BeforeAll
  static void plan() throws Exception {
    disk = SampleDisk.volume();
  }

  /** The formats that a disk is kept in. */
  enum Format {
    RAW,
    ZSTD,
    DEFLATE,
    VMDK;

    Volume file() throws Exception {
      return file(disk);
    }

    Volume file(Volume disk) throws Exception {
      ClusterPacker packer =
          new ClusterPacker(
              new DirectoryClusterCache(directory.resolve("cache-" + this)), Progress.silent(), 2);
      return switch (this) {
        case RAW -> disk;
        case ZSTD -> Qcow2.file("disk", disk, Compression.ZSTD, packer);
        case DEFLATE -> Qcow2.file("disk", disk, Compression.DEFLATE, packer);
        case VMDK -> Vmdk.file("disk", disk, "disk.vmdk", new UUID(7, 8), packer);
      };
    }

    DiskImage open(VolumeDisk file) throws Exception {
      return switch (this) {
        case RAW -> file;
        case ZSTD, DEFLATE -> Qcow2Disk.open(file);
        case VMDK -> VmdkDisk.open(file);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsTheDiskAtAnyPlaceOfAFile(Format format) throws Exception {
    Volume file = format.file();
    long offset = 12_345;
    Path path = directory.resolve(format + ".tar");
    VolumeFile.write(
        Volume.builder(file.size().plus(new Size(offset + 999))).add(offset, file).build(), path);
    try (DiskImage image = DiskFile.open(path, offset, file.size())) {
      DiskReading read = DiskReading.of(image, Progress.silent());
      assertEquals(List.of(), read.findings());
      assertEquals(
          UnpackedTree.comparable(Manifest.of(SampleDisk.tree())),
          UnpackedTree.comparable(Manifest.of(read.root())));
      for (var expected : SampleDisk.efiFiles().entrySet()) {
        RegularFile found = read.efiSystem().file(expected.getKey()).orElseThrow();
        assertEquals(expected.getValue().sha256(), found.content().sha256());
      }
      assertEquals(
          "sudo".repeat(3000),
          read.root().file(AbsolutePath.of("/bin/sudoedit")).orElseThrow().content().text());
      assertEquals(
          switch (format) {
            case RAW -> "raw";
            case ZSTD, DEFLATE -> "qcow2";
            case VMDK -> "vmdk";
          },
          read.facts().get("format"));
      assertEquals(Long.toString(76L << 20), read.facts().get("virtual-size"));
      assertEquals(SampleDisk.ROOT.toString(), read.facts().get("root-uuid"));
      assertEquals("root", read.facts().get("root-label"));
      assertEquals("EFI-SYSTEM", read.facts().get("efi-label"));
      assertEquals(new UUID(3, 4).toString(), read.facts().get("disk-guid"));
      assertEquals(3, read.partitions().partitions().size());
    }
  }

  /** As large as a recipe may have it. */
  @ParameterizedTest
  @EnumSource
  void readsADiskOf2TiB(Format format) throws Exception {
    Volume file = format.file(SampleDisk.volume(DiskLayout.of(Size.gib(2048))));
    try (DiskImage image = format.open(new VolumeDisk(file))) {
      DiskReading read = DiskReading.of(image, Progress.silent());
      assertEquals(List.of(), read.findings());
      assertEquals(Size.gib(2048), image.size());
      assertEquals(
          UnpackedTree.comparable(Manifest.of(SampleDisk.tree())),
          UnpackedTree.comparable(Manifest.of(read.root())));
    }
  }

  private static final long LAST = (76L << 20) - 512;
  private static final long EFI = 4096L * 512;

  /** Positions in the raw disk; a negative one is counted from its last sector. */
  @ParameterizedTest
  @CsvSource({
    "450, gpt-structure, sector 0", // the type of the protective partition
    "528, gpt-crc, primary header",
    "1029, gpt-crc, primary entries",
    "-16379, gpt-crc, backup entries",
    "16, gpt-crc, backup header",
    "92, boot-sector, sector 0", // kernel_sector
    "1049076, boot-sector, sector 0", // where the core goes on
    "1049085, boot-sector, sector 0" // for how many sectors
  })
  void namesWhereABitIsWrong(long at, String rule, String where) throws Exception {
    boolean backup = where.startsWith("backup");
    Finding finding = onlyFinding(backup ? LAST + at : at, 3);
    assertEquals(rule, finding.rule());
    assertEquals(where, finding.where());
  }

  @ParameterizedTest
  @CsvSource({
    "16385, fat-copies, file allocation tables", // the first table, a free cluster's entry
    "3072, fat-copies, boot sector", // the copy
    "1000, fat-structure, FSInfo sector"
  })
  void namesWhatIsWrongWithTheEfiSystemPartition(long at, String rule, String where)
      throws Exception {
    long place = at == 16385 ? EFI + 32 * 512 + secondTable() + 400_001 : EFI + at;
    Finding finding = onlyFinding(place, 0);
    assertEquals(rule, finding.rule());
    assertEquals(where, finding.where());
  }

  /** A FAT32 of 64 MiB with clusters of one sector: 128 Ki entries less those of the tables. */
  private static long secondTable() {
    return 1009 * 512;
  }

  private static Finding onlyFinding(long at, int bit) throws IOException {
    List<Finding> findings =
        DiskReading.of(new VolumeDisk(disk).flip(at, bit), Progress.silent()).findings();
    assertEquals(1, findings.size(), findings::toString);
    return findings.get(0);
  }

  @Test
  void aRefcountThatIsWrongIsFound() throws Exception {
    Volume plan = Format.ZSTD.file();
    // The only refcount block is the last cluster of the file, by our plan of it.
    long block = plan.size().bytes() - (1 << 16);
    VolumeDisk file = new VolumeDisk(plan).flip(block + 2 * 3 + 1, 1);
    DiskReading read = DiskReading.of(Qcow2Disk.open(file), Progress.silent());
    assertEquals(1, read.findings().size(), read.findings()::toString);
    assertEquals("qcow2-structure", read.findings().get(0).rule());
    assertEquals("host cluster 3", read.findings().get(0).where());
  }

  @Test
  void aGrainThatNoTableHasIsFound() throws Exception {
    // The first grain's marker says that it is another one.
    VolumeDisk file = new VolumeDisk(Format.VMDK.file()).flip(65_536 + 1, 0);
    DamagedDiskException refusal =
        assertThrows(
            DamagedDiskException.class,
            () -> DiskReading.of(VmdkDisk.open(file), Progress.silent()));
    assertTrue(refusal.problem().contains("grain 0"), refusal::problem);
  }

  @Test
  void aBodyThatCannotBeReadIsFound() throws Exception {
    Volume file = Format.VMDK.file();
    List<Finding> findings = List.of();
    // Some grain holds nothing but a part of a long body.
    for (long at = 70_000; findings.isEmpty() && at < file.size().bytes(); at += 20_000) {
      try {
        VolumeDisk damaged = new VolumeDisk(file).flip(at, 2);
        findings =
            DiskReading.of(VmdkDisk.open(damaged), Progress.silent()).findings().stream()
                .filter(finding -> finding.rule().equals("unreadable"))
                .toList();
      } catch (DamagedDiskException e) {
        findings = List.of(); // there was metadata
      }
    }
    assertTrue(findings.size() >= 1);
    assertTrue(findings.get(0).where().startsWith("/"), findings::toString);
  }

  @ParameterizedTest
  @CsvSource({"RAW, 500", "ZSTD, 200", "DEFLATE, 100", "VMDK, 200"})
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void garbageIsToldOrRefusedAndNothingElse(Format format, int rounds) throws Exception {
    Volume file = format.file();
    int refused = 0;
    int told = 0;
    for (int seed = 0; seed < rounds; seed++) {
      VolumeDisk mutated = mutate(file, new Random(seed));
      try {
        DiskReading read = DiskReading.of(format.open(mutated), Progress.silent());
        told += read.findings().isEmpty() ? 0 : 1;
      } catch (IOException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        fail("%s of seed %d".formatted(format, seed), e);
      }
    }
    assertTrue(told + refused > rounds / 4, "told: %d, refused: %d".formatted(told, refused));
    assertTrue(format == Format.RAW || refused > 0, "none was refused");
  }

  /** Changes one to four places, most of them in metadata: each segment is as likely. */
  private static VolumeDisk mutate(Volume file, Random random) {
    VolumeDisk mutated = new VolumeDisk(file);
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      Segment segment = file.segments().get(random.nextInt(file.segments().size()));
      long length = segment.body().length();
      // Fields stand at the beginnings of structures.
      long within = random.nextBoolean() ? length : Math.min(length, 1200);
      long at = segment.offset() + (long) (random.nextDouble() * within);
      int count = List.of(1, 1, 2, 4, 8).get(random.nextInt(5));
      int[] values = {0, 0xff, 0x7f, 0x80, 1, random.nextInt(256)};
      for (int j = 0; j < count && at + j < file.size().bytes(); j++) {
        mutated.set(at + j, values[random.nextInt(values.length)]);
      }
    }
    return mutated;
  }

  @Test
  void whatIsNoDiskIsRefused() throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "no disk\n".repeat(100_000));
    try (DiskImage image = DiskFile.open(text)) {
      assertThrows(DamagedDiskException.class, () -> DiskReading.of(image, Progress.silent()));
    }
    Path empty = Files.write(directory.resolve("empty"), new byte[0]);
    try (DiskImage image = DiskFile.open(empty)) {
      assertThrows(DamagedDiskException.class, () -> DiskReading.of(image, Progress.silent()));
    }
    Path cut = Files.write(directory.resolve("cut"), new byte[] {'Q', 'F', 'I', (byte) 0xfb});
    assertThrows(DamagedDiskException.class, () -> DiskFile.open(cut));
    assertThrows(DamagedDiskException.class, () -> DiskFile.open(text, 800_000, new Size(1)));
  }
}
