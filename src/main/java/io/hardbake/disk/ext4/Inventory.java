package io.hardbake.disk.ext4;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of a tree becomes an inode, checked against what ext4 can hold, in the order in which it is
 * laid out.
 *
 * @param nodes all of them by path, in path order, {@code /lost+found} among them
 * @param order what is no directory, by layers
 * @param names what stands in each directory, by name; a hard link as the file that it is
 */
record Inventory(
    Map<AbsolutePath, Node> nodes,
    List<List<Slot>> order,
    Map<AbsolutePath, SortedMap<String, AbsolutePath>> names) {

  static final AbsolutePath LOST_AND_FOUND = AbsolutePath.of("/lost+found");

  /** EXT4_LINK_MAX. */
  static final int MAX_LINKS = 65000;

  /** As a path has: PATH_MAX less the NUL. The kernel would not follow a longer target. */
  static final int MAX_TARGET = 4095;

  /** Block numbers within a file have 32 bits, of which the last means "beyond all". */
  private static final long MAX_FILE = Block.offset((1L << 32) - 1);

  /**
   * Lists and checks a tree.
   *
   * @param layers from the bottom up; what comes from none of them is laid out last
   * @throws IntegrityException if ext4 cannot hold one of the entries
   */
  static Inventory of(FileTree tree, List<Layer> layers, long time) throws IntegrityException {
    SortedMap<AbsolutePath, Entry> entries = withLostAndFound(tree, time);
    Map<AbsolutePath, Integer> links = new HashMap<>();
    Map<AbsolutePath, SortedMap<String, AbsolutePath>> names = new HashMap<>();
    entries.forEach((path, entry) -> count(path, entry, links, names));
    Map<AbsolutePath, Node> nodes = new LinkedHashMap<>();
    for (var e : entries.entrySet()) {
      AbsolutePath path = e.getKey();
      check(path, e.getValue());
      if (!(e.getValue() instanceof HardLink)) {
        nodes.put(path, node(path, e.getValue(), links.getOrDefault(path, 0)));
      }
    }
    return new Inventory(nodes, LayerOrder.of(nodes, layers), names);
  }

  private static SortedMap<AbsolutePath, Entry> withLostAndFound(FileTree tree, long time)
      throws IntegrityException {
    SortedMap<AbsolutePath, Entry> entries = new TreeMap<>(tree.entries());
    Meta meta = Meta.root(0700, time, Provenance.ofSettle("ext4"));
    Entry there = entries.putIfAbsent(LOST_AND_FOUND, new Directory(meta));
    if (there != null && !(there instanceof Directory)) {
      throw new IntegrityException(
          LOST_AND_FOUND + " is not a directory, as e2fsck needs it",
          "remove it from " + there.meta().provenance());
    }
    return entries;
  }

  /** Counts links: names of files, and for a directory its own two and its subdirectories. */
  private static void count(
      AbsolutePath path,
      Entry entry,
      Map<AbsolutePath, Integer> links,
      Map<AbsolutePath, SortedMap<String, AbsolutePath>> names) {
    AbsolutePath inode = entry instanceof HardLink link ? link.target() : path;
    links.merge(inode, entry instanceof Directory ? 2 : 1, Integer::sum);
    if (path.isRoot()) {
      return;
    }
    AbsolutePath parent = path.parent();
    names.computeIfAbsent(parent, p -> new TreeMap<>()).put(path.name(), inode);
    if (entry instanceof Directory) {
      links.merge(parent, 1, Integer::sum);
    }
  }

  private static void check(AbsolutePath path, Entry entry) throws IntegrityException {
    int name = path.name().getBytes(StandardCharsets.UTF_8).length;
    if (name > DirectoryEntry.MAX_NAME) {
      throw refused(path, entry, "has a name of %d bytes; ext4 allows 255".formatted(name));
    }
    long time = entry.meta().mtime();
    if (time < Inode.MIN_TIME || time > Inode.MAX_TIME) {
      throw refused(
          path, entry, "was modified %d seconds after 1970; ext4 ends in 2446".formatted(time));
    }
  }

  private static Node node(AbsolutePath path, Entry entry, int links) throws IntegrityException {
    Node node = Node.of(path, entry, links, Xattrs.of(path, entry.meta()));
    if (node.isDirectory()) {
      // More subdirectories than links can be counted: 1 means "many" (the feature dir_nlink).
      return links > MAX_LINKS ? Node.of(path, entry, 1, node.xattrs()) : node;
    }
    if (links > MAX_LINKS) {
      throw refused(path, entry, "has %d names; ext4 allows %d".formatted(links, MAX_LINKS));
    }
    if (entry instanceof Entry.Symlink && node.body().size() > MAX_TARGET) {
      throw refused(
          path,
          entry,
          "has a target of %d bytes; Linux follows %d".formatted(node.body().size(), MAX_TARGET));
    }
    if (node.body().size() > MAX_FILE) {
      throw refused(
          path,
          entry,
          "has %s; ext4 allows %s".formatted(new Size(node.body().size()), new Size(MAX_FILE)));
    }
    return node;
  }

  private static IntegrityException refused(AbsolutePath path, Entry entry, String flaw) {
    return new IntegrityException(
        path + " cannot be put into a file system: it " + flaw,
        "remove it from " + entry.meta().provenance());
  }

  /** The directories, in path order. */
  List<Node> directories() {
    return nodes.values().stream().filter(Node::isDirectory).toList();
  }

  Node node(AbsolutePath path) {
    Node node = nodes.get(path);
    if (node == null) {
      throw new IllegalArgumentException(path + " is no inode");
    }
    return node;
  }

  /** What stands in a directory, by name. */
  SortedMap<String, AbsolutePath> namesIn(AbsolutePath directory) {
    return names.getOrDefault(directory, new TreeMap<>());
  }

  /** All nodes in the order in which their bodies are laid out. */
  List<Node> inOrder() {
    List<Node> all = new ArrayList<>();
    for (List<Slot> layer : order) {
      layer.forEach(slot -> slot.node().ifPresent(all::add));
    }
    all.addAll(directories());
    return all;
  }
}
