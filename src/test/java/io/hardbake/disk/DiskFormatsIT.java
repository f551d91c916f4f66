package io.hardbake.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.Oracle;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.DirectoryClusterCache;
import io.hardbake.disk.qcow2.Compression;
import io.hardbake.disk.qcow2.Qcow2;
import io.hardbake.disk.vmdk.Vmdk;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** qcow2 and VMDK as QEMU reads them, and VMDK as 7-Zip does. */
class DiskFormatsIT {
  private static final UUID ID = UUID.fromString("01234567-89ab-4def-8123-456789abcdef");

  @TempDir private Path directory;

  @BeforeEach
  void tools() {
    Oracle.require("qemu-img");
  }

  /** What is to be written. */
  enum Format {
    QCOW2_ZSTD("qcow2"),
    QCOW2_DEFLATE("qcow2"),
    VMDK("vmdk");

    private final String qemu;

    Format(String qemu) {
      this.qemu = qemu;
    }

    Volume file(Volume disk, ClusterPacker packer) throws Exception {
      return switch (this) {
        case QCOW2_ZSTD -> Qcow2.file("disk", disk, Compression.ZSTD, packer);
        case QCOW2_DEFLATE -> Qcow2.file("disk", disk, Compression.DEFLATE, packer);
        case VMDK -> Vmdk.file("disk", disk, "disk.vmdk", ID, packer);
      };
    }
  }

  static Stream<Arguments> formatsAndSizes() {
    // A sector; just under, at and over a cluster; over a region; over an L2 table's and many grain
    // tables' reach.
    long[] sizes = {512, 65_024, 65_536, 66_048, 9_999_872, 1L << 25, (1L << 29) + 512, 10L << 30};
    return Stream.of(Format.values())
        .flatMap(
            format ->
                Stream.of(sizes)
                    .flatMapToLong(Arrays::stream)
                    .mapToObj(size -> Arguments.of(format, size)));
  }

  @ParameterizedTest
  @MethodSource("formatsAndSizes")
  void qemuReadsTheDisk(Format format, long size) throws Exception {
    Volume disk =
        size < Size.gib(1).bytes()
            ? SampleVolume.make(directory, new Size(size), 11)
            : Volume.builder(new Size(size))
                .add(0, SampleVolume.make(directory, Size.mib(20), 12))
                .add(size / 2 - 70_000, SampleVolume.make(directory, Size.mib(9), 13))
                .add(size - 5, new byte[] {1, 2, 3, 4, 5})
                .build();
    Path raw = directory.resolve("disk.raw");
    SparseWriter.write(disk, raw);
    Path file = write(format, disk, "a");
    assertSame(format, file, raw);
    JsonNode info = json("info", format, file);
    assertEquals(size, info.get("virtual-size").longValue());
    JsonNode data = info.get("format-specific").get("data");
    switch (format) {
      case QCOW2_ZSTD -> assertEquals("zstd", data.get("compression-type").textValue());
      case QCOW2_DEFLATE -> assertEquals("zlib", data.get("compression-type").textValue());
      case VMDK -> {
        assertEquals("streamOptimized", data.get("create-type").textValue());
        assertEquals(0x456789abcdefL & 0xffffffffL, data.get("cid").longValue());
        assertTrue(data.get("extents").get(0).get("compressed").booleanValue());
      }
    }
    assertEquals(65_536, info.get("cluster-size").intValue());
  }

  private static void assertSame(Format format, Path file, Path raw) {
    check(format, file).succeeded();
    compare(format, file, raw).succeeded();
  }

  private static Oracle.Result check(Format format, Path file) {
    return Oracle.run("qemu-img", "check", "-f", format.qemu, file.toString());
  }

  private static Oracle.Result compare(Format format, Path file, Path raw) {
    return Oracle.run(
        "qemu-img", "compare", "-f", format.qemu, "-F", "raw", file.toString(), raw.toString());
  }

  private static JsonNode json(String command, Format format, Path file) throws IOException {
    return new ObjectMapper()
        .readTree(
            Oracle.run("qemu-img", command, "-f", format.qemu, "--output=json", file.toString())
                .succeeded()
                .stdout());
  }

  @Test
  void zerosAreNotAllocated() throws Exception {
    Volume disk =
        Volume.builder(Size.mib(40))
            .add(0, new byte[1 << 20])
            .add(Size.mib(20).bytes(), new byte[] {1})
            .build();
    for (Format format : new Format[] {Format.QCOW2_ZSTD, Format.QCOW2_DEFLATE}) {
      JsonNode check = json("check", format, write(format, disk, "zeros"));
      assertEquals(1, check.get("allocated-clusters").intValue());
      assertEquals(1, check.get("compressed-clusters").intValue());
    }
  }

  @Test
  void whatDoesNotShrinkIsStored() throws Exception {
    byte[] noise = new byte[3 << 20];
    new Random(1).nextBytes(noise);
    Volume disk = Volume.builder(Size.mib(4)).add(0, noise).build();
    JsonNode check = json("check", Format.QCOW2_ZSTD, write(Format.QCOW2_ZSTD, disk, "noise"));
    assertEquals(48, check.get("allocated-clusters").intValue());
    assertEquals(0, check.path("compressed-clusters").intValue());
  }

  /** Thousands of tiny compressed clusters in one host cluster, as far as refcounts go. */
  @Test
  void manyClustersShareOne() throws Exception {
    byte[] bytes = new byte[64 << 20];
    Arrays.fill(bytes, (byte) 7);
    Volume disk = Volume.builder(new Size(bytes.length)).add(0, bytes).build();
    Path raw = directory.resolve("disk.raw");
    SparseWriter.write(disk, raw);
    for (Format format : Format.values()) {
      Path file = write(format, disk, "tiny");
      assertSame(format, file, raw);
    }
  }

  @Test
  void sevenZipReadsTheVmdk() throws Exception {
    Oracle.require("7z");
    Volume disk = SampleVolume.make(directory, Size.mib(33), 5);
    Path raw = directory.resolve("disk.raw");
    SparseWriter.write(disk, raw);
    Path file = write(Format.VMDK, disk, "seven");
    Path out = Files.createDirectory(directory.resolve("out"));
    Oracle.run("7z", "x", "-tvmdk", "-o" + out, file.toString()).succeeded();
    try (Stream<Path> made = Files.list(out)) {
      assertEquals(-1, Files.mismatch(raw, made.findFirst().orElseThrow()));
    }
    flip(file, 128 * 512 + 1000);
    Oracle.run("7z", "t", "-tvmdk", file.toString()).refused();
  }

  @ParameterizedTest
  @EnumSource
  void damageIsNoticed(Format format) throws Exception {
    Volume disk = SampleVolume.make(directory, Size.mib(8), 5);
    Path raw = directory.resolve("disk.raw");
    SparseWriter.write(disk, raw);
    Path file = write(format, disk, "damaged");
    long data = 65_536 + 1000; // in the first cluster or grain, in both formats' files
    flip(file, data);
    compare(format, file, raw).refused();
    if (format != Format.VMDK) {
      flip(file, data);
      flip(file, beLong(file, beLong(file, 48)) + 9); // the fifth refcount of the first block
      check(format, file).refused();
    }
  }

  @ParameterizedTest
  @EnumSource
  void threadsAndCacheDoNotShow(Format format) throws Exception {
    Volume disk = SampleVolume.make(directory, Size.mib(21), 8);
    byte[] one = Files.readAllBytes(write(format, disk, "one", 1));
    byte[] many = Files.readAllBytes(write(format, disk, "many", 5));
    byte[] again = Files.readAllBytes(write(format, disk, "many", 2));
    assertArrayEquals(one, many);
    assertArrayEquals(one, again);
    byte[] other =
        Files.readAllBytes(
            write(format, SampleVolume.make(directory, Size.mib(21), 9), "other", 2));
    assertNotEquals(-1, Arrays.mismatch(one, other));
  }

  private Path write(Format format, Volume disk, String cache) throws Exception {
    return write(format, disk, cache, 2);
  }

  private Path write(Format format, Volume disk, String cache, int jobs) throws Exception {
    DirectoryClusterCache store = new DirectoryClusterCache(directory.resolve("cache-" + cache));
    Volume file = format.file(disk, new ClusterPacker(store, Progress.silent(), jobs));
    Path path = directory.resolve(format + "-" + cache);
    VolumeFile.write(file, path);
    return path;
  }

  private static long beLong(Path path, long at) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      file.seek(at);
      return file.readLong();
    }
  }

  private static void flip(Path path, long at) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      int b = file.read();
      file.seek(at);
      file.write(b ^ 1);
    }
  }
}
