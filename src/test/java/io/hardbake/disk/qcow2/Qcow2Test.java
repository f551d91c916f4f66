package io.hardbake.disk.qcow2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.disk.Findings;
import io.hardbake.disk.RawDisk;
import io.hardbake.disk.SampleVolume;
import io.hardbake.disk.Segment;
import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeFile;
import io.hardbake.disk.VolumeReader;
import io.hardbake.disk.cluster.ClusterPacker;
import io.hardbake.disk.cluster.DirectoryClusterCache;
import io.hardbake.image.Artifact;
import io.hardbake.image.BlankLedger;
import io.hardbake.image.Ledger;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The file that is written while its disk is compressed, and the one that is planned before. */
final class Qcow2Test {
  private static final int MIB = 1 << 20;

  @TempDir private Path directory;

  /** What decides about the file's layout: how small the disk becomes, and when. */
  enum Kind {
    /** Text, noise, zeros and holes: the tables come to lie between the clusters. */
    MIXED(true),
    /** Less than was promised: all of it lies in front of the tables. */
    SMALL(false),
    /** Nothing is compressed, so nothing is in front of the tables but the header. */
    NOISE(false),
    /** Much that shrinks to nothing, then what hardly shrinks. */
    UNEVEN(true),
    ZEROS(false),
    EMPTY(false);

    private final boolean kept;

    Kind(boolean kept) {
      this.kept = kept;
    }

    Volume disk(Path directory) throws IOException {
      Volume.Builder disk = Volume.builder(Size.mib(600));
      switch (this) {
        case MIXED ->
            disk.add(0, SampleVolume.make(directory, Size.mib(19), 1))
                .add(20L * MIB, noise(9 * MIB, 100))
                .add(540L * MIB, SampleVolume.make(directory, Size.mib(11), 2));
        case SMALL -> disk.add(5, filled(9 * MIB)).add(530L * MIB, filled(MIB));
        case NOISE -> disk.add(MIB, noise(5 * MIB, 256));
        case UNEVEN -> disk.add(0, filled(6 * MIB)).add(7L * MIB, noise(14 * MIB, 100));
        case ZEROS -> disk.add(MIB, new byte[5 * MIB]);
        case EMPTY -> {}
      }
      return disk.build();
    }

    private static byte[] filled(int length) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) 7);
      return bytes;
    }

    private static byte[] noise(int length, int values) {
      Random random = new Random(3);
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) random.nextInt(values);
      }
      return bytes;
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothWaysGiveOneFile(Kind kind) throws Exception {
    Volume disk = kind.disk(directory);
    for (Compression compression : Compression.values()) {
      Path planned = directory.resolve("planned-" + compression);
      Volume file = Qcow2.file("disk", disk, compression, packer("planned", 1));
      VolumeFile.write(file, planned);
      Path target = directory.resolve("written-" + compression);
      Artifact written =
          Qcow2.write(disk, compression, packer("written", 3), target, new BlankLedger());
      assertEquals(-1, Files.mismatch(planned, target));
      assertEquals(new Artifact(target, file.size(), Sha256.of(target)), written);
      assertReads(disk, target);
    }
  }

  /** The header is not rewritten, so what was handed out before the end has to stay true. */
  @ParameterizedTest
  @EnumSource
  void knownBytesStayUnlessThePromiseFails(Kind kind) throws Exception {
    Volume disk = kind.disk(directory);
    Qcow2Plan plan = new Qcow2Plan(disk.size(), disk.used(), Compression.ZSTD);
    List<Volume> known = new ArrayList<>();
    packer("known", 2)
        .pack(
            "disk",
            disk,
            Compression.ZSTD.codec(),
            clusters -> {
              clusters.forEach(plan::add);
              known.add(plan.known());
            });
    Volume file = plan.file();
    assertEquals(kind.kept, plan.isPromiseKept() && !known.isEmpty());
    long end = 0;
    for (Volume each : plan.isPromiseKept() ? known : List.<Volume>of()) {
      int length = Math.toIntExact(each.size().bytes() - end);
      assertArrayEquals(read(file, end, length), read(each, end, length));
      end += length;
    }
    assertTrue(!kind.kept || end > MIB, "nothing was known before the end");
  }

  @Test
  void whatFailsLeavesWhatWasThere() throws Exception {
    Path pack = Files.write(directory.resolve("pack"), new byte[20 * MIB]);
    Volume disk =
        Volume.builder(Size.mib(40))
            .add(0, Kind.noise(10 * MIB, 100))
            .add(Segment.of(20L * MIB, pack, MIB, 20L * MIB, Sha256.of(new byte[0])))
            .build();
    Path target =
        Files.writeString(
            Files.createDirectory(directory.resolve("out")).resolve("disk"), "before");
    assertThrows(
        EOFException.class,
        () -> Qcow2.write(disk, Compression.ZSTD, packer("c", 2), target, new BlankLedger()));
    assertEquals("before", Files.readString(target));
    try (Stream<Path> left = Files.list(target.getParent())) {
      assertEquals(List.of(target), left.toList());
    }
  }

  @Test
  void theKeyFollowsDiskAndCompression() throws Exception {
    List<String> keys = new ArrayList<>();
    Ledger ledger =
        (file, key, writer) -> {
          keys.add(key);
          return writer.write();
        };
    for (Kind kind : new Kind[] {Kind.NOISE, Kind.NOISE, Kind.SMALL}) {
      for (Compression compression : Compression.values()) {
        Path target = directory.resolve("disk");
        Qcow2.write(kind.disk(directory), compression, packer("keys", 2), target, ledger);
      }
    }
    assertEquals(keys.subList(0, 2), keys.subList(2, 4));
    assertEquals(4, Set.copyOf(keys).size());
  }

  private ClusterPacker packer(String cache, int jobs) throws IOException {
    return new ClusterPacker(
        new DirectoryClusterCache(directory.resolve("cache-" + cache)), Progress.silent(), jobs);
  }

  private static void assertReads(Volume disk, Path file) throws Exception {
    try (Qcow2Disk read = Qcow2Disk.open(RawDisk.open(file, 0, new Size(Files.size(file))))) {
      Findings findings = new Findings();
      read.check(findings);
      assertEquals(List.of(), findings.list());
      ByteBuffer found = ByteBuffer.allocate(MIB);
      for (long at = 0; at < disk.size().bytes(); at += MIB) {
        if (at < 24L * MIB || disk.nextCovered(at) < at + MIB) {
          read.read(at, found.clear());
          assertArrayEquals(read(disk, at, MIB), found.array());
        }
      }
    }
  }

  private static byte[] read(Volume volume, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try (VolumeReader reader = volume.reader()) {
      reader.read(at, bytes);
    }
    return bytes.array();
  }
}
