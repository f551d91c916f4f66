package io.hardbake.oci;

import io.hardbake.image.Finding;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Layers laid on each other as an engine does it. A file and its hard links are one object here, as
 * they are one inode there: a name that an upper layer replaces leaves the others what they were.
 */
final class LayerStack {
  /** A link to a link to a link…: writers link to the file itself. */
  private static final int MAX_LINKS = 40;

  private final NavigableMap<AbsolutePath, Entry> entries = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();

  LayerStack() {
    entries.put(AbsolutePath.ROOT, new Directory(Meta.root(0755, 0, Provenance.UNKNOWN)));
  }

  /**
   * Applies a layer.
   *
   * @throws MalformedArchiveException if a member lies below something that is no directory, or a
   *     hard link leads to no file
   */
  void add(ImageLayer layer) throws MalformedArchiveException {
    layer.opaque().forEach(this::removeBelow);
    for (AbsolutePath removal : layer.content().removals()) {
      entries.remove(removal);
      removeBelow(removal);
    }
    NavigableMap<AbsolutePath, Entry> added = layer.content().entries();
    for (Map.Entry<AbsolutePath, Entry> each : added.entrySet()) {
      if (!(each.getValue() instanceof HardLink)) {
        put(each.getKey(), each.getValue(), layer);
      }
    }
    for (Map.Entry<AbsolutePath, Entry> each : added.entrySet()) {
      if (each.getValue() instanceof HardLink link) {
        put(each.getKey(), linked(each.getKey(), link, added), layer);
      }
    }
  }

  /** What no engine refuses, but no layer of ours has. */
  List<Finding> findings() {
    return List.copyOf(findings);
  }

  FileTree tree() {
    FileTree.Builder tree = FileTree.builder(root().meta());
    IdentityHashMap<Entry, AbsolutePath> files = new IdentityHashMap<>();
    entries.forEach(
        (path, entry) -> {
          AbsolutePath first = entry instanceof RegularFile ? files.putIfAbsent(entry, path) : null;
          tree.putExact(path, first == null ? entry : new HardLink(entry.meta(), first));
        });
    return tree.freeze();
  }

  private Entry root() {
    return entries.firstEntry().getValue();
  }

  private void put(AbsolutePath path, Entry entry, ImageLayer layer)
      throws MalformedArchiveException {
    if (path.isRoot()) {
      if (!(entry instanceof Directory)) {
        throw new MalformedArchiveException("the root is no directory");
      }
    } else {
      requireDirectory(path.parent(), path, layer);
    }
    Entry old = entries.put(path, entry);
    if (old instanceof Directory && !(entry instanceof Directory)) {
      removeBelow(path);
    }
  }

  private void requireDirectory(AbsolutePath directory, AbsolutePath member, ImageLayer layer)
      throws MalformedArchiveException {
    Entry entry = entries.get(directory);
    if (entry instanceof Directory) {
      return;
    }
    if (entry != null) {
      throw new MalformedArchiveException(
          member + " would be written through " + directory + ", which is no directory");
    }
    requireDirectory(directory.parent(), directory, layer);
    entries.put(directory, new Directory(Meta.root(0755, 0, Provenance.UNKNOWN)));
    findings.add(
        new Finding(
            "layer",
            "layer " + layer.name(),
            "it has members below " + directory + ", but not the directory itself",
            "bake the image again"));
  }

  private Entry linked(AbsolutePath path, HardLink link, NavigableMap<AbsolutePath, Entry> added)
      throws MalformedArchiveException {
    AbsolutePath target = link.target();
    for (int i = 0; i < MAX_LINKS; i++) {
      if (added.get(target) instanceof HardLink next && !target.equals(path)) {
        target = next.target();
      } else if (entries.get(target) instanceof RegularFile file) {
        return file;
      } else {
        break;
      }
    }
    throw new MalformedArchiveException(
        path + " is a hard link to " + link.target() + ", which is no file");
  }

  private void removeBelow(AbsolutePath path) {
    for (AbsolutePath next = entries.higherKey(path);
        next != null && next.isBelow(path);
        next = entries.higherKey(path)) {
      entries.remove(next);
    }
  }
}
