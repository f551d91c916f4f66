package io.hardbake;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.disk.DiskImage;
import io.hardbake.disk.machine.DiskFile;
import io.hardbake.disk.machine.DiskReading;
import io.hardbake.image.Manifest;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The disks and boxes as {@code make images} leaves them, read back and held against manifests. */
class BakedDiskReadingIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final int TAR_BLOCK = 512;

  @ParameterizedTest
  @CsvSource({
    "disks/controller-amd64.qcow2, qcow2, controller-amd64-disk",
    "disks/loadbalancer-amd64.qcow2, qcow2, loadbalancer-amd64-disk",
    "boxes/controller-amd64-libvirt.box, qcow2, controller-amd64-box",
    "boxes/controller-amd64-virtualbox.box, vmdk, controller-amd64-box",
    "boxes/loadbalancer-amd64-libvirt.box, qcow2, loadbalancer-amd64-box",
    "boxes/loadbalancer-amd64-virtualbox.box, vmdk, loadbalancer-amd64-box"
  })
  void holdsWhatTheManifestSays(Path artifact, String format, String manifest) throws Exception {
    Path file = TARGET.resolve(artifact);
    Oracle.require(Files.exists(file), file + " is missing: make images");
    List<Manifest.Line> expected =
        Manifest.parse(Files.readAllBytes(TARGET.resolve("manifests/" + manifest + ".txt")))
            .lines();
    Member member = artifact.startsWith("boxes") ? disk(file) : new Member(0, Files.size(file));
    try (DiskImage disk = DiskFile.open(file, member.at, new Size(member.length))) {
      DiskReading read = DiskReading.of(disk, Progress.silent());
      assertEquals(List.of(), read.findings());
      assertEquals(format, read.facts().get("format"));
      List<Manifest.Line> found = Manifest.of(read.root()).lines();
      assertEquals(List.of(), differing(expected, found));
      // What one of the two lacks is noticed.
      assertEquals(2, differing(expected, List.copyOf(found.subList(0, found.size() - 2))).size());
      List<Manifest.Line> other = new ArrayList<>(expected);
      other.remove(expected.size() / 2);
      assertEquals(1, differing(other, found).size());
      String config = text(read, "/EFI/debian/grub.cfg");
      assertTrue(config.contains(read.facts().getOrDefault("root-uuid", "none")), config);
      assertTrue(read.efiSystem().file(AbsolutePath.of("/EFI/BOOT/BOOTX64.EFI")).isPresent());
    }
  }

  /** For QEMU before 5.1, and the hosts that have it. */
  @Test
  void deflatesOnRequest(@TempDir Path directory) throws Exception {
    Oracle.require("qemu-img", "tar");
    Oracle.run(
            "./hardbake",
            "bake",
            "loadbalancer",
            "--offline",
            "--locked",
            "--format=qcow2,libvirt",
            "--qcow2-compression=deflate",
            "--output=" + directory)
        .succeeded();
    Path disk = directory.resolve("disks/loadbalancer-amd64.qcow2");
    assertEquals("zlib", compression(disk));
    assertEquals("zstd", compression(TARGET.resolve("disks/loadbalancer-amd64.qcow2")));
    compare(0, disk, TARGET.resolve("disks/loadbalancer-amd64.qcow2"));
    Path boxed = unpack(directory.resolve("boxes/loadbalancer-amd64-libvirt.box"), directory);
    assertEquals("zlib", compression(boxed));
    Path other = Files.createDirectory(directory.resolve("other"));
    compare(0, boxed, unpack(TARGET.resolve("boxes/loadbalancer-amd64-libvirt.box"), other));
    compare(1, boxed, disk); // which has no user for Vagrant
    for (String artifact :
        List.of("disks/loadbalancer-amd64.qcow2", "boxes/loadbalancer-amd64-libvirt.box")) {
      assertEquals("deflate", stated(directory.resolve(artifact)));
      assertEquals("zstd", stated(TARGET.resolve(artifact)));
    }
    assertEquals("", stated(TARGET.resolve("boxes/loadbalancer-amd64-virtualbox.box")));
  }

  /** The compression that an artifact's statement names, for who bakes it again. */
  private static String stated(Path artifact) throws IOException {
    return new ObjectMapper()
        .readTree(Path.of(artifact + ".intoto.json").toFile())
        .at("/predicate/buildDefinition/externalParameters/qcow2Compression")
        .asText();
  }

  private static void compare(int exitCode, Path one, Path other) {
    Oracle.Result result = Oracle.run("qemu-img", "compare", one.toString(), other.toString());
    assertEquals(exitCode, result.exitCode(), result::toString);
  }

  private static Path unpack(Path box, Path directory) {
    Oracle.run("tar", "-xf", box.toString(), "-C", directory.toString(), "box.img").succeeded();
    return directory.resolve("box.img");
  }

  private static String compression(Path disk) throws IOException {
    String info = Oracle.run("qemu-img", "info", "--output=json", disk.toString()).stdout();
    return new ObjectMapper().readTree(info).at("/format-specific/data/compression-type").asText();
  }

  private static String text(DiskReading read, String path) throws IOException {
    return read.efiSystem().file(AbsolutePath.of(path)).orElseThrow().content().text();
  }

  /** The paths that are not in both, or not the same. */
  private static List<AbsolutePath> differing(
      List<Manifest.Line> expected, List<Manifest.Line> found) {
    Map<AbsolutePath, Manifest.Line> left = new TreeMap<>();
    found.forEach(line -> left.put(line.path(), line));
    List<AbsolutePath> differing = new ArrayList<>();
    for (Manifest.Line line : expected) {
      Manifest.Line there = left.remove(line.path());
      if (there == null || !there.sameAs(line)) {
        differing.add(line.path());
      }
    }
    differing.addAll(left.keySet());
    return differing;
  }

  private record Member(long at, long length) {}

  /** Where the disk lies in a box: by ustar's headers, one after the other. */
  private static Member disk(Path box) throws IOException {
    byte[] header = new byte[TAR_BLOCK];
    try (RandomAccessFile tar = new RandomAccessFile(box.toFile(), "r")) {
      long at = 0;
      while (true) {
        tar.seek(at);
        tar.readFully(header);
        String name = new String(header, 0, 100, US_ASCII).replaceAll("\0.*", "");
        long length = Long.parseLong(new String(header, 124, 11, US_ASCII), 8);
        at += TAR_BLOCK;
        if (name.equals("box.img") || name.endsWith(".vmdk")) {
          return new Member(at, length);
        }
        at += (length + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
      }
    }
  }
}
