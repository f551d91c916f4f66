package io.hardbake.disk.ext4;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.MemoryBudget;
import io.hardbake.disk.OversizedDiskException;
import io.hardbake.io.Size;

/**
 * What reading a file system may cost. A file system that compresses to nothing can have billions
 * of names, and files that are endless zeros. Nothing keeps a bake within these limits: what is
 * beyond them can be baked, but not read back.
 */
final class Budget {
  private final MemoryBudget memory;
  private long bodies;

  /** Of bytes of files; reading more would take minutes. */
  private static final long BODIES = Size.gib(64).bytes();

  /** Files have no more bytes together than the file system, holes counted, and a little more. */
  Budget(Geometry geometry) {
    this(geometry, MemoryBudget.ofThisProcess());
  }

  /** {@code memory} is what the tree may take. */
  Budget(Geometry geometry, MemoryBudget memory) {
    this.memory = memory;
    bodies = Math.min(BODIES, 2 * Block.offset(geometry.blocks()) + Size.mib(64).bytes());
  }

  /**
   * Takes from the memory.
   *
   * @throws OversizedDiskException if there is not as much left
   */
  void memory(long bytes) throws OversizedDiskException {
    memory.take(bytes);
  }

  void body(long bytes) throws DamagedDiskException {
    bodies = bytes < 0 ? -1 : bodies - bytes;
    if (bodies < 0) {
      throw new DamagedDiskException(
          "the files of the file system are larger than its size allows, or than 64 GiB together");
    }
  }
}
