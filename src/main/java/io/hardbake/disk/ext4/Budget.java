package io.hardbake.disk.ext4;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.io.Size;

/**
 * What reading a file system may cost. A file system that compresses to nothing can have billions
 * of names, and files that are endless zeros; none that is baked comes near these limits.
 */
final class Budget {
  /** Of memory, as far as that can be estimated. */
  private static final long MEMORY = Size.mib(160).bytes();

  /** An entry of the tree, with all that belongs to it. */
  static final int ENTRY = 500;

  private long memory = MEMORY;
  private long bodies;

  /** Of bytes of files; reading more would take minutes. */
  private static final long BODIES = Size.gib(64).bytes();

  /** Files have no more bytes together than the file system, holes counted, and a little more. */
  Budget(Geometry geometry) {
    bodies = Math.min(BODIES, 2 * Block.offset(geometry.blocks()) + Size.mib(64).bytes());
  }

  void memory(long bytes) throws DamagedDiskException {
    memory -= bytes;
    if (memory < 0) {
      throw new DamagedDiskException("the file system has more names than fit into memory");
    }
  }

  void body(long bytes) throws DamagedDiskException {
    bodies = bytes < 0 ? -1 : bodies - bytes;
    if (bodies < 0) {
      throw new DamagedDiskException(
          "the files of the file system are larger than any that is baked");
    }
  }
}
