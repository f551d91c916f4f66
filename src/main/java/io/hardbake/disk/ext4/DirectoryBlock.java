package io.hardbake.disk.ext4;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A block of directory entries. The last entry reaches to the tail, {@code struct
 * ext4_dir_entry_tail}, which looks like an entry without an inode and holds the block's sum.
 *
 * @see <a
 *     href="https://docs.kernel.org/filesystems/ext4/directory.html#linear-classic-directories">ext4,
 *     Linear Directories</a>
 */
final class DirectoryBlock {
  private static final int TAIL = 12;
  private static final int TAIL_TYPE = 0xde;

  /** The bytes for entries. */
  static final int CAPACITY = Block.BYTES - TAIL;

  private DirectoryBlock() {}

  /** Writes entries into the block that begins at a position; no entries make a free block. */
  static void write(ByteBuffer directory, int from, List<DirectoryEntry> entries, Checksum sum) {
    int end = from + CAPACITY;
    if (entries.isEmpty()) {
      DirectoryEntry.writeHeader(directory, from, 0, CAPACITY, 0, 0);
    }
    int at = from;
    for (int i = 0; i < entries.size(); i++) {
      DirectoryEntry entry = entries.get(i);
      int length = i == entries.size() - 1 ? end - at : entry.length();
      entry.writeAt(directory, at, length);
      at += length;
    }
    DirectoryEntry.writeHeader(directory, end, 0, TAIL, 0, TAIL_TYPE);
    directory.putInt(end + 0x8, sum.of(directory, from, CAPACITY)); // det_checksum
  }

  static boolean hasTail(ByteBuffer block) {
    return DirectoryEntry.isHeader(block, CAPACITY, TAIL, TAIL_TYPE);
  }

  static boolean sumHolds(ByteBuffer block, Checksum sum) {
    return block.getInt(CAPACITY + 0x8) == sum.of(block, 0, CAPACITY);
  }

  /** The entries of a block, gaps left out; nothing if they do not fill it. */
  static Optional<List<DirectoryEntry>> read(ByteBuffer block) {
    List<DirectoryEntry> entries = new ArrayList<>();
    for (int at = 0; at < CAPACITY; at += DirectoryEntry.lengthAt(block, at)) {
      Optional<DirectoryEntry> entry = DirectoryEntry.readAt(block, at, CAPACITY);
      if (entry.isEmpty()) {
        return Optional.empty();
      }
      if (!entry.get().isGap()) {
        entries.add(entry.get());
      }
    }
    return Optional.of(entries);
  }
}
