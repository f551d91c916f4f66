package io.hardbake.disk.ext4;

/**
 * Blocks in a row.
 *
 * @param count at least one
 */
record BlockRun(long start, long count) implements Comparable<BlockRun> {
  BlockRun {
    if (start < 0 || count < 1) {
      throw new IllegalArgumentException(count + " blocks at " + start);
    }
  }

  /** The block after the last. */
  long end() {
    return start + count;
  }

  @Override
  public int compareTo(BlockRun other) {
    return Long.compare(start, other.start);
  }
}
