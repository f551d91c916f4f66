package io.hardbake.disk.ext4;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Hands out the free blocks from the front to the back. It knows how many will be asked for, so it
 * can say which gaps it may leave for the sake of a good place: on a full file system none.
 */
final class BlockAllocator {
  /** The blocks of a cluster of 64 KiB, as qcow2 and VMDK have them. */
  static final int CLUSTER = (1 << 16) / Block.BYTES;

  private final List<BlockRun> free;
  private final List<BlockRun> taken = new ArrayList<>();
  private final long total;
  private int run;
  private long at;
  private long spare;

  /**
   * Begins with what is not used.
   *
   * @param used blocks that have their owners already
   */
  BlockAllocator(long blocks, List<BlockRun> used) {
    List<BlockRun> sorted = new ArrayList<>(used);
    Collections.sort(sorted);
    List<BlockRun> rows = new ArrayList<>();
    long start = 0;
    for (BlockRun next : sorted) {
      if (next.start() > start) {
        rows.add(new BlockRun(start, next.start() - start));
      }
      start = roundUp(next.end());
    }
    if (blocks > start) {
      rows.add(new BlockRun(start, blocks - start));
    }
    this.free = List.copyOf(rows);
    this.total = rows.stream().mapToLong(BlockRun::count).sum();
    this.at = free.isEmpty() ? 0 : free.get(0).start();
    this.spare = total;
  }

  /** Crumbs behind a table stay free, so that every row begins at a cluster. */
  private static long roundUp(long block) {
    return (block + CLUSTER - 1) / CLUSTER * CLUSTER;
  }

  /** The free blocks before the first was taken. */
  long total() {
    return total;
  }

  /** No row of free blocks is shorter, so that no file is in more pieces than that allows. */
  long shortestRun() {
    return free.stream().mapToLong(BlockRun::count).min().orElse(1);
  }

  /** Announces how many blocks will be taken in all; there must be as many. */
  void announce(long count) {
    if (count > total) {
      throw new IllegalStateException(count + " blocks of " + total);
    }
    spare = total - count;
  }

  /** The next free blocks, in as few rows as can be. */
  List<BlockRun> take(long count) {
    List<BlockRun> rows = new ArrayList<>();
    for (long left = count; left > 0; ) {
      if (at == free.get(run).end()) {
        at = free.get(++run).start();
      }
      BlockRun row = new BlockRun(at, Math.min(left, free.get(run).end() - at));
      rows.add(row);
      at = row.end();
      left -= row.count();
    }
    taken.addAll(rows);
    return rows;
  }

  /** One block. */
  long takeOne() {
    return take(1).get(0).start();
  }

  /** Goes on at a multiple of so many blocks, if there are blocks to spare. */
  void align(int blocks) {
    int ahead = run;
    long to = at;
    long gap = 0;
    while (ahead < free.size()) {
      long aligned = (to + blocks - 1) / blocks * blocks;
      if (aligned < free.get(ahead).end()) {
        leave(gap + aligned - to, ahead, aligned);
        return;
      }
      gap += free.get(ahead).end() - to;
      ahead++;
      to = ahead < free.size() ? free.get(ahead).start() : to;
    }
  }

  /** Leaves so many blocks free, if there are as many to spare. */
  void leave(long count) {
    long left = count;
    for (int ahead = run; ahead < free.size(); ahead++) {
      long from = ahead == run ? at : free.get(ahead).start();
      long here = free.get(ahead).end() - from;
      if (left < here) {
        leave(count, ahead, from + left);
        return;
      }
      left -= here;
    }
  }

  private void leave(long count, int toRun, long to) {
    if (count <= spare) {
      spare -= count;
      run = toRun;
      at = to;
    }
  }

  /** All that was taken, in order. */
  List<BlockRun> taken() {
    return Collections.unmodifiableList(taken);
  }
}
