package io.hardbake.disk.ext4;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The blocks of a directory: one block in order of the names, or a hash tree.
 *
 * @param bytes whole blocks
 */
record DirectoryBody(ByteBuffer bytes, boolean indexed) {
  /** So many blocks lost+found has before it is needed: e2fsck allocates nothing while it mends. */
  private static final int LOST_AND_FOUND_BLOCKS = 4;

  /**
   * The blocks of a directory; nothing if it has more names than its index can hold.
   *
   * @param entries all but {@code .} and {@code ..}, in order of their names
   */
  static Optional<DirectoryBody> of(
      DirectoryEntry self,
      DirectoryEntry parent,
      List<DirectoryEntry> entries,
      DirectoryHash hash,
      Checksum sum) {
    int length = self.length() + parent.length();
    for (DirectoryEntry entry : entries) {
      length = Math.addExact(length, entry.length());
    }
    if (length > DirectoryBlock.CAPACITY) {
      return HashTree.of(self, parent, entries, hash, sum)
          .map(bytes -> new DirectoryBody(bytes, true));
    }
    List<DirectoryEntry> all = new ArrayList<>(entries.size() + 2);
    all.add(self);
    all.add(parent);
    all.addAll(entries);
    ByteBuffer bytes = Block.empty();
    DirectoryBlock.write(bytes, 0, all, sum);
    return Optional.of(new DirectoryBody(bytes, false));
  }

  /** The same with free blocks behind, for lost+found. */
  DirectoryBody withRoom(Checksum sum) {
    int blocks = blocks();
    if (indexed || blocks >= LOST_AND_FOUND_BLOCKS) {
      return this;
    }
    ByteBuffer longer =
        ByteBuffer.allocate(LOST_AND_FOUND_BLOCKS * Block.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    longer.put(0, bytes, 0, bytes.capacity());
    for (int block = blocks; block < LOST_AND_FOUND_BLOCKS; block++) {
      DirectoryBlock.write(longer, block * Block.BYTES, List.of(), sum);
    }
    return new DirectoryBody(longer, false);
  }

  int blocks() {
    return bytes.capacity() / Block.BYTES;
  }
}
