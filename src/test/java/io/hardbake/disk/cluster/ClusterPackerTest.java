package io.hardbake.disk.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.disk.SampleVolume;
import io.hardbake.disk.Segment;
import io.hardbake.disk.Volume;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterPackerTest {
  private static final ClusterCodec ZSTD = new ZstdCodec(1);

  @TempDir private Path directory;

  @Test
  void anEditCompressesItsRegionsOnly() throws Exception {
    DirectoryClusterCache cache = new DirectoryClusterCache(directory.resolve("cache"));
    ClusterPacker packer = new ClusterPacker(cache, Progress.silent(), 2);
    Volume base = SampleVolume.make(directory, Size.mib(40), 4);
    PackedVolume first = packer.pack("disk", disk(base, 1), ZSTD);
    int regions = cache.filled();
    assertEquals(first, packer.pack("disk", disk(base, 1), ZSTD));
    assertEquals(regions, cache.filled());
    packer.pack("disk", disk(base, 2), ZSTD);
    assertEquals(regions + 1, cache.filled());
    packer.pack("disk", disk(base, 2), new ZstdCodec(2));
    assertEquals(2 * regions + 1, cache.filled());
  }

  /** A base that takes 40 MiB, and one byte behind it that differs. */
  private static Volume disk(Volume base, int edit) {
    return Volume.builder(Size.gib(1))
        .add(0, base)
        .add(Size.mib(100).bytes(), new byte[] {(byte) edit})
        .build();
  }

  @Test
  void aKnownRegionIsNotRead() throws Exception {
    Path pack = Files.write(directory.resolve("pack"), new byte[] {1, 2, 3});
    Volume volume =
        Volume.builder(Size.mib(1)).add(Segment.of(0, pack, 0, 3, Sha256.of(pack))).build();
    ClusterPacker packer =
        new ClusterPacker(
            new DirectoryClusterCache(directory.resolve("cache")), Progress.silent(), 1);
    PackedVolume packed = packer.pack("disk", volume, ZSTD);
    Files.delete(pack);
    assertEquals(packed, packer.pack("disk", volume, ZSTD));
  }

  @Test
  void whatAnotherCodecMadeOfARegionHasAnotherIdentity() throws Exception {
    Volume volume = Volume.builder(Size.mib(1)).add(0, new byte[] {1}).build();
    Set<Sha256> identities = new HashSet<>();
    for (ClusterCodec codec : List.of(ZSTD, new ZstdCodec(2), ZSTD)) {
      ClusterPacker packer =
          new ClusterPacker(
              new DirectoryClusterCache(directory.resolve("cache")), Progress.silent(), 1);
      identities.add(packer.pack("disk", volume, codec).clusters().get(0).identity());
    }
    assertEquals(2, identities.size());
  }

  @Test
  void failuresComeThrough() throws Exception {
    Path pack = Files.write(directory.resolve("pack"), new byte[3]);
    Volume volume =
        Volume.builder(Size.mib(9))
            .add(Segment.of(Size.mib(5).bytes(), pack, 0, 4, Sha256.of(pack)))
            .build();
    DirectoryClusterCache cache = new DirectoryClusterCache(directory.resolve("cache"));
    ClusterPacker packer = new ClusterPacker(cache, Progress.silent(), 2);
    assertThrows(EOFException.class, () -> packer.pack("disk", volume, ZSTD));
  }

  @Test
  void aDamagedFileOfTheCacheIsNoticed() throws Exception {
    Path place = directory.resolve("cache");
    ClusterPacker packer =
        new ClusterPacker(new DirectoryClusterCache(place), Progress.silent(), 1);
    Volume volume = Volume.builder(Size.mib(1)).add(0, new byte[] {1}).build();
    packer.pack("disk", volume, ZSTD);
    Path file = onlyFile(place);
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 10, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThrows(IntegrityException.class, () -> packer.pack("disk", volume, ZSTD));
    }
  }

  private static Path onlyFile(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findFirst().orElseThrow();
    }
  }
}
