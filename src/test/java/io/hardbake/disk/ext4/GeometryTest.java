package io.hardbake.disk.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.RecipeException;
import io.hardbake.io.Size;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class GeometryTest {
  private static Geometry of(Size size) throws RecipeException {
    return Geometry.of(TestTree.settings(size));
  }

  /** The figures of mke2fs 1.47. */
  @ParameterizedTest
  @CsvSource({
    "8, 1, 512, 1024",
    "64, 1, 4096, 1024",
    "128, 1, 8192, 4096",
    "1024, 8, 65536, 8192",
    "2048, 16, 131072, 16384",
    "10240, 80, 655360, 16384",
    "131072, 1024, 8388608, 262144",
    "1048576, 8192, 67108864, 262144"
  })
  void dividesAsMke2fsDoes(long mebibytes, int groups, long inodes, int journal) throws Exception {
    Geometry geometry = of(Size.mib(mebibytes));
    assertEquals(groups, geometry.groups());
    assertEquals(inodes, geometry.inodes());
    assertEquals(journal, geometry.journalBlocks());
  }

  static LongStream sizes() {
    return LongStream.of(8, 100, 129, 200, 3000, 10240, 70_000, 1L << 20, (1L << 24) - 1);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void hasRoomForAHundredTimesTheGroups(long mebibytes) throws Exception {
    Geometry geometry = of(Size.mib(mebibytes));
    long blocks = (long) geometry.descriptorBlocks() + geometry.reservedDescriptorBlocks();
    // Beyond 8 TiB, pointers to reserved blocks run out, and the kernel turns to meta_bg.
    assertTrue(blocks * 64 >= Math.min(100L * geometry.groups(), 1009L * 64));
    assertTrue(geometry.reservedDescriptorBlocks() <= 1024);
    assertEquals(0, geometry.superblockArea(0) % 16);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void tablesDoNotOverlap(long mebibytes) throws Exception {
    Geometry geometry = of(Size.mib(mebibytes));
    List<BlockRun> used = new GroupTables(geometry).used().stream().sorted().toList();
    long end = 0;
    for (BlockRun run : used) {
      assertTrue(run.start() >= end, run + " after " + end);
      end = run.end();
    }
    assertTrue(end <= geometry.blocks());
  }

  @Test
  void copiesAreInTheGroupsOfSparseSuper() throws Exception {
    assertEquals(List.of(1, 3, 5, 7, 9, 25, 27, 49), of(Size.gib(10)).backups());
  }

  @Test
  void aLastGroupTooSmallForItsTablesIsLeftOut() throws Exception {
    assertEquals(1, of(Size.mib(129)).groups());
    assertEquals(32768, of(Size.mib(129)).blocks());
    assertEquals(2, of(Size.mib(132)).groups());
  }

  @Test
  void aFileSystemHasRoomForAJournal() {
    RecipeException refusal = assertThrows(RecipeException.class, () -> of(Size.mib(7)));
    assertEquals("7.0 MiB are too small for a file system with a journal", refusal.getMessage());
    assertEquals("make it at least 8.0 MiB", refusal.remedy());
  }
}
