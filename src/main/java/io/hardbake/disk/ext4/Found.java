package io.hardbake.disk.ext4;

import io.hardbake.disk.DiskBody;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Meta;
import java.util.Optional;

/**
 * An inode that a directory names, as it was read.
 *
 * @param type the type's bits of its mode
 * @param links how many names it says it has
 * @param path the name that was met first
 * @param entry what it is, unless it is a regular file
 * @param body where a regular file's bytes are, as long as they are anywhere
 */
record Found(
    int type,
    int links,
    AbsolutePath path,
    Meta meta,
    Optional<Entry> entry,
    Optional<DiskBody> body) {
  /** How directories say what it is. */
  DirectoryEntry.Type entryType() {
    return DirectoryEntry.Type.of(type);
  }

  boolean isDirectory() {
    return type == Inode.DIRECTORY;
  }

  boolean isFile() {
    return type == Inode.REGULAR_FILE;
  }
}
