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

  /** Whether something stands at the path once symbolic links are followed: {@code test -e}. */
  boolean exists(AbsolutePath path) {
    return tree.resolve(path).isPresent();
  }

  /** Whether something stands at the path, be it a link that leads nowhere. */
  boolean standsAt(AbsolutePath path) {
    return tree.resolve(path.parent()).flatMap(p -> tree.get(p.child(path.name()))).isPresent();
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

  void chmod(AbsolutePath path, int mode) {
    change(path, meta -> meta.withMode(mode));
  }

  void chown(AbsolutePath path, Owner owner) {
    change(path, meta -> meta.withOwner(owner.uid(), owner.gid()));
  }

  void xattr(AbsolutePath path, String name, Bytes value) {
    change(path, meta -> meta.withXattr(name, value));
  }

  private void change(AbsolutePath path, UnaryOperator<Meta> edit) {
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
