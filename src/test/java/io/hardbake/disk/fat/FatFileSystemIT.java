package io.hardbake.disk.fat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Guest;
import io.hardbake.GuestKernel;
import io.hardbake.Oracle;
import io.hardbake.Qemu;
import io.hardbake.disk.SparseWriter;
import io.hardbake.failure.UsageException;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** dosfstools', mtools', util-linux's and the kernel's eyes on our file systems. */
class FatFileSystemIT {
  private static final Instant TIME = Instant.parse("2024-08-17T11:22:34Z");

  /**
   * What the kernel finds in each drive: the files with their digests, and when they were written.
   */
  private static final String READ =
      """
      #!/bin/busybox sh
      export PATH=/bin
      busybox mount -t devtmpfs dev /dev 2>/dev/null
      for module in /modules/*; do busybox insmod "$module"; done
      for drive in /dev/vd[b-z]; do
        echo drive
        busybox mount -t vfat -o ro,utf8,tz=UTC "$drive" /mnt || continue
        cd /mnt
        busybox find . -type f -exec busybox sha256sum {} +
        echo written $(busybox stat -c %Y user-data)
        cd /
        busybox umount /mnt
      done
      busybox poweroff -f
      """;

  @TempDir private Path directory;

  @BeforeEach
  void tools() {
    Oracle.require("fsck.fat", "mdir", "mcopy", "blkid");
  }

  @ParameterizedTest
  @CsvSource({"2048, 12", "2049, 12", "8192, 16", "33792, 32", "65536, 32", "1048576, 32"})
  void allReadersAgree(long kibibytes, int bits) throws Exception {
    SortedMap<AbsolutePath, Content> files = sampleFiles();
    Path image = write(Size.kib(kibibytes), files);
    assertTrue(isSound(image));
    String info = Oracle.run("fsck.fat", "-nv", image.toString()).stdout();
    assertTrue(info.contains(bits + " bit"), info);

    assertEquals(
        "CIDATA vfat 1234-ABCD\n",
        Stream.of("LABEL", "TYPE", "UUID")
                .map(
                    tag ->
                        Oracle.run("blkid", "-p", "-s", tag, "-o", "value", image.toString())
                            .succeeded()
                            .stdout()
                            .strip())
                .reduce((a, b) -> a + " " + b)
                .orElseThrow()
            + "\n");

    Path copy = Files.createDirectory(directory.resolve("copy"));
    Oracle.run("mcopy", "-s", "-Q", "-n", "-i", image.toString(), "::*", copy.toString())
        .succeeded();
    assertSame(files, copy);
    String listing =
        Oracle.run("mdir", "-i", image.toString(), "::/efi/boot/bootx64.efi").succeeded().stdout();
    assertTrue(listing.contains("2024-08-17  11:22"), listing);
    String longName =
        Oracle.run("mdir", "-i", image.toString(), "::/kube-controller-manager.kubeconfig")
            .succeeded()
            .stdout();
    assertTrue(longName.contains("KUBE-C~1 KUB"), longName);
  }

  /** Debian's, in a machine of its own: a host's may have been built without vfat. */
  @Test
  void theKernelReadsThem() throws Exception {
    SortedMap<AbsolutePath, Content> files = sampleFiles();
    SortedMap<AbsolutePath, Content> others = new TreeMap<>(files);
    others.put(AbsolutePath.of("/ca.pem"), Content.of("another"));
    GuestKernel kernel = GuestKernel.open(directory);
    Path root = kernel.root(READ, List.of("nls_ascii", "nls_cp437", "nls_utf8", "vfat"));
    String line = "console=ttyS0 panic=-1 quiet init=/start root=UUID=" + GuestKernel.ROOT;
    Qemu machine = kernel.machine("fat", root, line);
    machine.withDrive(write("2", Size.mib(2), files)).withDrive(write("8", Size.mib(8), files));
    machine.withDrive(write("64", Size.mib(64), files)).withDrive(write("o", Size.mib(8), others));
    String said;
    try (Guest guest = kernel.start(machine)) {
      guest.awaitEnd(Duration.ofMinutes(3));
      said = guest.serial();
    }
    List<SortedMap<String, String>> read = new ArrayList<>();
    for (String drive : said.replace("\r", "").split("(?m)^drive$", -1)) {
      SortedMap<String, String> found = new TreeMap<>();
      drive.lines().filter(each -> each.contains("  ./")).forEach(each -> put(found, each));
      read.add(found);
      assertEquals(read.size() > 1, drive.contains("written " + TIME.getEpochSecond()), said);
    }
    SortedMap<String, String> expected = new TreeMap<>();
    for (Map.Entry<AbsolutePath, Content> file : files.entrySet()) {
      expected.put(file.getKey().value(), file.getValue().sha256().hex());
    }
    assertEquals(List.of(new TreeMap<>(), expected, expected, expected), read.subList(0, 4), said);
    assertNotEquals(expected, read.get(4)); // the kernel tells one file from another
  }

  /** As sha256sum says it. */
  private static void put(SortedMap<String, String> found, String line) {
    String[] parts = line.split("  \\.", 2);
    found.put(parts[1], parts[0]);
  }

  /** In turn: a table that differs from its copy, a short name's checksum, a size, a free count. */
  @ParameterizedTest
  @CsvSource({"table", "long name", "size", "free count"})
  void damageIsNoticed(String where) throws Exception {
    Size size = Size.mib(64);
    Path image = write(size, sampleFiles());
    FatGeometry geometry = FatGeometry.of(size);
    long root = geometry.clusterOffset(2);
    long at =
        switch (where) {
          case "table" -> geometry.tableOffset(0) + 4 * 4;
          case "long name" -> root + first(image, root, 0x0f) * 32L + 0x0d;
          case "size" -> root + first(image, root, FatEntry.FILE) * 32L + 0x1e;
          default -> 512 + 0x1e8;
        };
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(at);
      int b = file.read();
      file.seek(at);
      file.write(b ^ 0x11);
    }
    assertFalse(isSound(image));
  }

  @Test
  void anEmptyOneIsSound() throws Exception {
    for (long mebibytes : new long[] {1, 16, 64}) {
      assertTrue(isSound(write(Size.mib(mebibytes), new TreeMap<>())));
    }
  }

  @Test
  void aFullOneIsSound() throws Exception {
    FatGeometry geometry = FatGeometry.of(Size.mib(64));
    SortedMap<AbsolutePath, Content> files = new TreeMap<>();
    files.put(
        AbsolutePath.of("/FILL"),
        Content.of(new byte[Math.toIntExact((geometry.clusters() - 1) * 512)]));
    assertTrue(isSound(write(Size.mib(64), files)));
  }

  /** The first entry of the root that has these attributes. */
  private static int first(Path image, long root, int attributes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
      for (int i = 0; ; i++) {
        file.seek(root + i * 32L + 0x0b);
        if (file.read() == attributes) {
          return i;
        }
      }
    }
  }

  /** fsck.fat says two lines of a sound one; it leaves some flaws at a remark. */
  private static boolean isSound(Path image) {
    Oracle.Result result = Oracle.run("fsck.fat", "-n", image.toString());
    return result.exitCode() == 0 && result.stdout().lines().count() == 2;
  }

  private Path write(Size size, SortedMap<AbsolutePath, Content> files)
      throws IOException, UsageException {
    return write("fat", size, files);
  }

  private Path write(String name, Size size, SortedMap<AbsolutePath, Content> files)
      throws IOException, UsageException {
    Path image = directory.resolve(name + ".img");
    SparseWriter.write(
        FatFileSystem.plan(new FatSettings(size, "CIDATA", 0x1234abcd, TIME), files), image);
    return image;
  }

  private static void assertSame(SortedMap<AbsolutePath, Content> files, Path root)
      throws IOException {
    TreeSet<String> found = new TreeSet<>();
    try (Stream<Path> walk = Files.walk(root)) {
      walk.filter(Files::isRegularFile).forEach(file -> found.add("/" + root.relativize(file)));
    }
    TreeSet<String> expected = new TreeSet<>();
    files.keySet().forEach(path -> expected.add(path.value()));
    assertEquals(expected, found);
    for (Map.Entry<AbsolutePath, Content> file : files.entrySet()) {
      assertArrayEquals(
          file.getValue().bytes(),
          Files.readAllBytes(root.resolve(file.getKey().relative())),
          file.getKey().value());
    }
  }

  private static SortedMap<AbsolutePath, Content> sampleFiles() {
    Random random = new Random(5);
    SortedMap<AbsolutePath, Content> files = new TreeMap<>();
    for (String path :
        new String[] {
          "/EFI/BOOT/BOOTX64.EFI",
          "/EFI/BOOT/grubx64.efi",
          "/EFI/debian/grub.cfg",
          "/ca.pem",
          "/kube-controller-manager.kubeconfig",
          "/kube-controller-manager-key.pem",
          "/meta-data",
          "/user-data",
          "/thirteen-long",
          "/fourteen--long",
          "/a/b/c/" + "deep".repeat(63) + "xyz",
          "/zwölf ~ Umlaute.txt"
        }) {
      byte[] body = new byte[random.nextInt(40_000)];
      random.nextBytes(body);
      files.put(AbsolutePath.of(path), Content.of(body));
    }
    files.put(AbsolutePath.of("/empty"), Content.of(""));
    for (int i = 0; i < 300; i++) {
      files.put(AbsolutePath.of("/many/a file with number " + i), Content.of("number " + i));
    }
    return files;
  }
}
