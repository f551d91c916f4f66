package io.hardbake.settle;

import io.hardbake.io.Bytes;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Edits a tree with the verbs of a shell script. What it makes carries one time and one provenance;
 * what it copies keeps its own time.
 */
final class TreeEditor {
  private final FileTree.Builder tree;
  private final long epochSeconds;
  private final Provenance provenance;

  TreeEditor(FileTree.Builder tree, long epochSeconds, Provenance provenance) {
    this.tree = tree;
    this.epochSeconds = epochSeconds;
    this.provenance = provenance;
  }

  FileTree.Builder tree() {
    return tree;
  }

  /** The same for another tree. */
  TreeEditor over(FileTree.Builder other) {
    return new TreeEditor(other, epochSeconds, provenance);
  }

  /** Whether something stands at the path once symbolic links are followed: {@code test -e}. */
  boolean exists(AbsolutePath path) {
    return tree.resolve(path).isPresent();
  }

  /** Whether something stands at the path, be it a link that leads nowhere. */
  boolean standsAt(AbsolutePath path) {
    return real(path).isPresent();
  }

  /** Whether a symbolic link stands at the path. */
  boolean isLink(AbsolutePath path) {
    return real(path).flatMap(tree::get).filter(Symlink.class::isInstance).isPresent();
  }

  /** Where the path leads when links are followed but for the last. */
  private Optional<AbsolutePath> real(AbsolutePath path) {
    if (path.isRoot()) {
      return Optional.of(path);
    }
    return tree.resolve(path.parent())
        .map(parent -> parent.child(path.name()))
        .filter(place -> tree.get(place).isPresent());
  }

  /** Makes a directory and its parents; one that exists stays as it is. */
  void directory(AbsolutePath path, int mode, Owner owner) {
    if (!exists(path)) {
      tree.put(path, new Directory(meta(mode, owner)));
    }
  }

  /** Writes a file, replacing what stood there. */
  void write(AbsolutePath path, int mode, Owner owner, Content content) {
    tree.put(path, new RegularFile(meta(mode, owner), content));
  }

  /** {@link #write} for a plain text that belongs to root and everybody may read. */
  void write(AbsolutePath path, String text) {
    write(path, 0644, Owner.ROOT, Content.of(text));
  }

  /** {@code ln -sf}. */
  void link(AbsolutePath path, String target) {
    tree.put(path, new Symlink(meta(0777, Owner.ROOT), target));
  }

  /** {@code cp -p} of a regular file. */
  void copy(AbsolutePath from, AbsolutePath to) {
    RegularFile source =
        tree.file(from).orElseThrow(() -> new IllegalStateException("no file to copy: " + from));
    tree.put(to, source.withMeta(source.meta().withProvenance(provenance)));
  }

  /**
   * {@code cp -a} to where nothing stands, or an empty directory, which stays as it is; otherwise
   * nothing happens. Hard links become files of their own.
   *
   * @param edit what a copy has otherwise than its source
   */
  void copyTree(AbsolutePath from, AbsolutePath to, UnaryOperator<Meta> edit) {
    Optional<AbsolutePath> source = real(from);
    Optional<AbsolutePath> there = real(to);
    if (source.isEmpty() || there.orElse(to).isBelow(source.get())) {
      return;
    }
    Entry entry = tree.get(source.get()).orElseThrow();
    boolean directory = entry instanceof Directory;
    if (there.isEmpty()) {
      Entry copied = entry instanceof HardLink ? tree.file(from).orElseThrow() : entry;
      tree.put(to, copied.withMeta(edit.apply(copied.meta().withProvenance(provenance))));
    } else if (!directory || !isEmptyDirectory(there.get())) {
      return;
    }
    if (directory) {
      for (AbsolutePath child : tree.children(source.get()).keySet()) {
        copyTree(child, to.child(child.name()), edit);
      }
    }
  }

  private boolean isEmptyDirectory(AbsolutePath place) {
    return tree.get(place).orElseThrow() instanceof Directory && tree.children(place).isEmpty();
  }

  void chmod(AbsolutePath path, int mode) {
    change(path, meta -> meta.withMode(mode));
  }

  void chown(AbsolutePath path, Owner owner) {
    change(path, meta -> meta.withOwner(owner.uid(), owner.gid()));
  }

  void xattr(AbsolutePath path, String name, Bytes value) {
    change(path, meta -> meta.withXattr(name, value));
  }

  /** Changes what the path leads to, its body apart. */
  void change(AbsolutePath path, UnaryOperator<Meta> edit) {
    AbsolutePath real =
        tree.resolve(path).orElseThrow(() -> new IllegalStateException("nothing at " + path));
    if (tree.get(real).orElseThrow() instanceof HardLink link) {
      real = link.target();
    }
    Optional<Entry> entry = tree.get(real);
    if (entry.isPresent()) {
      tree.putExact(real, entry.get().withMeta(edit.apply(entry.get().meta())));
    }
  }

  private Meta meta(int mode, Owner owner) {
    return Meta.root(mode, epochSeconds, provenance).withOwner(owner.uid(), owner.gid());
  }
}
