package io.hardbake.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.disk.ext4.Ext4Reading;
import io.hardbake.disk.fat.FatReading;
import io.hardbake.disk.gpt.GptReading;
import io.hardbake.disk.gpt.PartitionType;
import io.hardbake.disk.machine.DiskFile;
import io.hardbake.image.Manifest;
import io.hardbake.image.UnpackedTree;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our readers on what e2fsprogs, QEMU, gdisk, dosfstools and mtools wrote. */
class ReadersIT {
  private static final String FEATURES =
      "none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,sparse_super,"
          + "large_file,huge_file,dir_nlink,extra_isize,metadata_csum";

  @TempDir private Path directory;

  @Test
  void readsWhatMke2fsMade() throws Exception {
    Oracle.require("mke2fs", "e2fsck", "getfattr", "setfattr", "setcap", "mknod");
    Oracle.requireRoot();
    Path tree = Files.createDirectory(directory.resolve("tree"));
    fill(tree);
    Path image = directory.resolve("root.ext4");
    Oracle.run(
            "mke2fs",
            "-q",
            "-t",
            "ext4",
            "-O",
            FEATURES,
            "-b",
            "4096",
            "-I",
            "256",
            "-L",
            "by-mke2fs",
            "-d",
            tree.toString(),
            image.toString(),
            "300M")
        .succeeded();
    String expected = UnpackedTree.comparable(UnpackedTree.manifestOf(tree));
    assertEquals(expected, readExt4(image));
    // Directories get their index by this; mke2fs leaves them without.
    Oracle.Result optimized = Oracle.run("e2fsck", "-fyD", image.toString());
    assertTrue(optimized.exitCode() <= 1, optimized::toString);
    assertEquals(expected, readExt4(image));
    assertNotEquals("", expected);
  }

  private static void fill(Path tree) throws Exception {
    Path many = Files.createDirectory(tree.resolve("many"));
    for (int i = 0; i < 5000; i++) {
      Files.writeString(many.resolve("a-name-that-is-not-short-" + i), "body " + i);
    }
    Path file = Files.writeString(tree.resolve("file"), "x".repeat(100_000));
    Files.createLink(tree.resolve("linked"), file);
    Files.createSymbolicLink(tree.resolve("short"), Path.of("file"));
    Files.createSymbolicLink(tree.resolve("long"), Path.of("t".repeat(1000)));
    try (RandomAccessFile sparse = new RandomAccessFile(tree.resolve("sparse").toFile(), "rw")) {
      for (int i = 0; i < 600; i++) {
        sparse.seek(20_000L * i);
        sparse.writeInt(i + 1);
      }
      sparse.setLength(20L << 20);
    }
    Path program = Files.writeString(tree.resolve("program"), "p");
    Oracle.run("chown", "1000:70000", tree.resolve("many").toString()).succeeded();
    Oracle.run("setcap", "cap_net_raw+ep", program.toString()).succeeded();
    Oracle.run("setfattr", "-n", "trusted.big", "-v", "v".repeat(1500), program.toString())
        .succeeded();
    Oracle.run("chmod", "6711", tree.resolve("sparse").toString()).succeeded();
    Oracle.run("mknod", tree.resolve("null").toString(), "c", "1", "3").succeeded();
    Oracle.run("mknod", tree.resolve("disk").toString(), "b", "254", "300").succeeded();
    Oracle.run("mknod", tree.resolve("pipe").toString(), "p").succeeded();
  }

  private static String readExt4(Path image) throws Exception {
    Findings findings = new Findings();
    try (DiskImage disk = DiskFile.open(image)) {
      FileTree tree =
          Ext4Reading.of(disk, findings, MemoryBudget.ofThisProcess(), bytes -> {}).tree();
      assertEquals(List.of(), findings.list());
      List<Manifest.Line> lines = new ArrayList<>(Manifest.of(tree).lines());
      lines.removeIf(line -> line.path().value().equals("/lost+found"));
      return UnpackedTree.comparable(new Manifest(lines));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "qcow2, -c -o compression_type=zstd",
    "qcow2, -c -o compression_type=zlib",
    "qcow2, -o lazy_refcounts=off",
    "vmdk, -o subformat=streamOptimized"
  })
  void readsWhatQemuConverted(String format, String options) throws Exception {
    Oracle.require("qemu-img");
    Path raw = directory.resolve("disk.raw");
    SparseWriter.write(SampleVolume.make(directory, Size.mib(48), 3), raw);
    Path file = directory.resolve("disk." + format);
    List<String> command =
        new ArrayList<>(List.of("qemu-img", "convert", "-f", "raw", "-O", format));
    command.addAll(Arrays.asList(options.split(" ", -1)));
    command.addAll(List.of(raw.toString(), file.toString()));
    Oracle.run(command.toArray(String[]::new)).succeeded();
    Findings findings = new Findings();
    try (DiskImage disk = DiskFile.open(file)) {
      disk.check(findings);
      assertEquals(List.of(), findings.list());
      assertEquals(format, disk.facts().get("format"));
      assertEquals(Size.mib(48), disk.size());
      assertArrayEquals(Files.readAllBytes(raw), bytes(disk));
    }
  }

  private static byte[] bytes(DiskImage disk) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(disk.size().bytes())];
    // In parts that do not end where clusters do.
    for (int at = 0; at < bytes.length; at += 99_999) {
      disk.read(at, ByteBuffer.wrap(bytes, at, Math.min(99_999, bytes.length - at)));
    }
    return bytes;
  }

  @Test
  void readsWhatSgdiskMade() throws Exception {
    Oracle.require("sgdisk");
    Path raw = directory.resolve("disk.raw");
    SparseWriter.write(Volume.builder(Size.mib(100)).build(), raw);
    Oracle.run(
            "sgdisk",
            "-n",
            "1:2048:+1M",
            "-t",
            "1:ef02",
            "-n",
            "3:40M:+20M",
            "-t",
            "3:8300",
            "-c",
            "3:the root",
            "-n",
            "2:10M:+20M",
            "-t",
            "2:ef00",
            raw.toString())
        .succeeded();
    Findings findings = new Findings();
    try (DiskImage disk = DiskFile.open(raw)) {
      GptReading table = GptReading.of(disk, findings);
      assertEquals(List.of(), findings.list());
      assertEquals(3, table.partitions().size());
      var root = table.first(PartitionType.LINUX).orElseThrow();
      assertEquals(40 * 2048, root.firstSector());
      assertEquals(60 * 2048 - 1, root.lastSector());
      assertEquals("the root", root.name());
      assertEquals(2048, table.first(PartitionType.BIOS_BOOT).orElseThrow().firstSector());
      String print = Oracle.run("sgdisk", "-p", raw.toString()).succeeded().stdout();
      assertTrue(print.toLowerCase(Locale.ROOT).contains(table.disk().toString()), print);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 16, 32})
  void readsWhatMkfsFatAndMcopyMade(int bits) throws Exception {
    Oracle.require("mkfs.fat", "mcopy", "mmd");
    Path image = directory.resolve("efi.img");
    int mebibytes = bits == 12 ? 2 : bits == 16 ? 20 : 64;
    SparseWriter.write(Volume.builder(Size.mib(mebibytes)).build(), image);
    Oracle.run(
            "mkfs.fat",
            "-F",
            "" + bits,
            "-s",
            bits == 12 ? "4" : "1",
            "-n",
            "MADE",
            image.toString())
        .succeeded();
    Oracle.run("mmd", "-i", image.toString(), "::/EFI", "::/EFI/a directory").succeeded();
    byte[] noise = new byte[100_001];
    new Random(bits).nextBytes(noise);
    Path file = Files.write(directory.resolve("a file with a long name.efi"), noise);
    Path small = Files.writeString(directory.resolve("grub.cfg"), "search");
    Path empty = Files.writeString(directory.resolve("EMPTY"), "");
    for (Path each : List.of(file, small, empty)) {
      Oracle.run("mcopy", "-i", image.toString(), each.toString(), "::/EFI/a directory")
          .succeeded();
    }
    Findings findings = new Findings();
    try (DiskImage disk = DiskFile.open(image)) {
      FatReading read = FatReading.of(disk, findings, MemoryBudget.ofThisProcess(), bytes -> {});
      assertEquals(List.of(), findings.list());
      assertEquals("FAT" + bits, read.facts().get("type"));
      assertEquals(6, read.tree().entries().size(), read.tree().entries()::toString);
      for (Path each : List.of(file, small, empty)) {
        AbsolutePath path = AbsolutePath.of("/EFI/a directory/" + each.getFileName());
        assertArrayEquals(
            Files.readAllBytes(each), read.tree().file(path).orElseThrow().content().bytes());
      }
    }
  }
}
