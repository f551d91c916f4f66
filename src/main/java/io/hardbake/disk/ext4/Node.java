package io.hardbake.disk.ext4;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.Meta;
import java.nio.charset.StandardCharsets;

/**
 * An entry of the tree that becomes an inode; hard links do not.
 *
 * @param path the first of its names
 * @param links as many names, for a directory with those that its subdirectories have for it
 * @param body empty for a directory, whose blocks are made once all inodes have numbers
 * @param flags {@code i_flags}
 */
record Node(AbsolutePath path, Entry entry, int links, Xattrs xattrs, Body body, int flags) {
  /** A longer target needs a block: the NUL behind a shorter one still fits into the inode. */
  static final int SHORT_TARGET = Inode.BLOCK_BYTES - 1;

  static Node of(AbsolutePath path, Entry entry, int links, Xattrs xattrs) {
    Body body = bodyOf(entry);
    boolean hasExtents =
        entry instanceof RegularFile || entry instanceof Directory || body.size() > 0;
    return new Node(path, entry, links, xattrs, body, hasExtents ? Inode.EXTENTS : 0);
  }

  Node withDirectory(DirectoryBody directory) {
    int index = directory.indexed() ? Inode.INDEX : 0;
    return new Node(path, entry, links, xattrs, Body.of(directory.bytes()), flags | index);
  }

  /** In bytes; a short link's target counts, although it has no body. */
  long size() {
    return entry instanceof Symlink link
        ? link.target().getBytes(StandardCharsets.UTF_8).length
        : body.size();
  }

  Meta meta() {
    return entry.meta();
  }

  boolean isDirectory() {
    return entry instanceof Directory;
  }

  /** The blocks of an entry that is no directory. */
  static Body bodyOf(Entry entry) {
    if (entry instanceof RegularFile file) {
      return Body.of(file.content());
    }
    if (entry instanceof Symlink link) {
      byte[] target = link.target().getBytes(StandardCharsets.UTF_8);
      return target.length > SHORT_TARGET ? Body.of(target) : Body.EMPTY;
    }
    return Body.EMPTY;
  }

  /** The type's bits of {@code i_mode}. */
  int typeBits() {
    return entry.accept(
        new Entry.Visitor<>() {
          @Override
          public Integer directory(Directory directory) {
            return Inode.DIRECTORY;
          }

          @Override
          public Integer regularFile(RegularFile file) {
            return Inode.REGULAR_FILE;
          }

          @Override
          public Integer symlink(Symlink link) {
            return Inode.SYMBOLIC_LINK;
          }

          @Override
          public Integer hardLink(HardLink link) {
            throw new IllegalStateException(path + " is no inode");
          }

          @Override
          public Integer device(Device device) {
            return switch (device.kind()) {
              case CHARACTER -> Inode.CHARACTER_DEVICE;
              case BLOCK -> Inode.BLOCK_DEVICE;
              case FIFO -> Inode.FIFO;
            };
          }
        });
  }

  /** How directories that name it say what it is. */
  DirectoryEntry.Type entryType() {
    return DirectoryEntry.Type.of(typeBits());
  }
}
