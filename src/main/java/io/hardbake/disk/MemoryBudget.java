package io.hardbake.disk;

import io.hardbake.io.Size;

/**
 * What of Java's memory the trees of one disk may take, all file systems together. It is asked
 * before anything is kept, as far as what is kept can be estimated.
 */
public final class MemoryBudget {
  /** A second disk, to compare it with, needs as much. */
  private static final int SHARE = 2;

  /** An entry of a tree, in bytes, with all that belongs to it while the tree is built. */
  public static final int ENTRY = 550;

  private long left;

  /** {@code memory} is what may be taken. */
  public MemoryBudget(Size memory) {
    left = memory.bytes();
  }

  /** A part of what this process has. */
  public static MemoryBudget ofThisProcess() {
    return new MemoryBudget(new Size(Runtime.getRuntime().maxMemory() / SHARE));
  }

  /**
   * Takes bytes from what is left.
   *
   * @throws OversizedDiskException if there are not as many
   */
  public void take(long bytes) throws OversizedDiskException {
    left -= bytes;
    if (left < 0) {
      throw new OversizedDiskException("its file system has more files than fit into memory");
    }
  }
}
