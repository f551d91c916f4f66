package io.hardbake.disk.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

final class BlockAllocatorTest {
  /** Free are 16 to 63 and 112 to 199. */
  private final BlockAllocator allocator =
      new BlockAllocator(
          200, List.of(new BlockRun(0, 9), new BlockRun(64, 33), new BlockRun(96, 16)));

  @Test
  void countsWhatBeginsAtAClusterOrLater() {
    assertEquals(48 + 88, allocator.total());
    assertEquals(48, allocator.shortestRun());
  }

  @Test
  void givesRowsFromFrontToBack() {
    allocator.announce(136);
    assertEquals(List.of(new BlockRun(16, 40)), allocator.take(40));
    assertEquals(List.of(new BlockRun(56, 8), new BlockRun(112, 88)), allocator.take(96));
    assertEquals(3, allocator.taken().size());
  }

  @Test
  void alignsWhileThereAreBlocksToSpare() {
    allocator.announce(136 - 15);
    allocator.take(1);
    allocator.align(16);
    assertEquals(32, allocator.takeOne());
    allocator.align(16); // no block is left for that
    assertEquals(33, allocator.takeOne());
  }

  @Test
  void alignsIntoTheNextRow() {
    allocator.announce(10);
    allocator.take(2);
    allocator.align(128);
    assertEquals(128, allocator.takeOne());
  }

  @Test
  void leavesBlocksAcrossRows() {
    allocator.announce(10);
    allocator.leave(50);
    assertEquals(114, allocator.takeOne());
    allocator.leave(100); // there are not so many
    assertEquals(115, allocator.takeOne());
  }

  @Test
  void refusesMoreThanThereIs() {
    assertThrows(IllegalStateException.class, () -> allocator.announce(137));
  }
}
