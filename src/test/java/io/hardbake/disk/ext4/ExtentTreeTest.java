package io.hardbake.disk.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExtentTreeTest {
  private static final Checksum SUM = Checksum.of(new UUID(1, 2)).ofInode(12);

  @ParameterizedTest
  @CsvSource({"0, 0", "4, 0", "5, 1", "340, 1", "341, 2", "1360, 4", "1361, 6", "462400, 1364"})
  void needsSoManyBlocks(int extents, int blocks) {
    assertEquals(blocks, ExtentTree.nodeCount(extents));
  }

  @ParameterizedTest
  @CsvSource({"0", "4", "5", "341", "1361"})
  void takesTheBlocksThatItSaysItNeeds(int extents) {
    List<Extent> list =
        IntStream.range(0, extents).mapToObj(i -> new Extent(2L * i, 1000 + 3L * i, 1)).toList();
    long[] next = {7};
    ExtentTree tree = ExtentTree.of(list, () -> next[0]++, SUM);
    assertEquals(ExtentTree.nodeCount(extents), tree.nodes().size());
    assertEquals(7 + tree.nodes().size(), next[0]);
  }

  @Test
  void oneExtentStandsInTheInode() {
    ExtentTree tree = ExtentTree.of(List.of(new Extent(1, 0x1_0000_0002L, 3)), () -> 0, SUM);
    String header = "0af3" + "0100" + "0400" + "0000" + "00000000";
    String extent = "01000000" + "0300" + "0100" + "02000000";
    assertEquals(header + extent + "00".repeat(36), tree.root().toString());
  }

  @Test
  void anExtentIsNoLongerThanAnInitializedOneCanBe() {
    assertThrows(IllegalArgumentException.class, () -> new Extent(0, 1, 32769));
  }
}
