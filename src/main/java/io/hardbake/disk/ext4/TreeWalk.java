package io.hardbake.disk.ext4;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.tree.AbsolutePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Goes through all directories, level by level: of each level the inodes are read in the order in
 * which they lie on the disk.
 */
final class TreeWalk {
  /** PATH_MAX; no program could open a longer one. */
  private static final int MAX_PATH = 4095;

  private final Budget budget;
  private final InodeReader inodes;
  private final DirectoryReader directories;
  private final Flaws flaws;
  private final InodeUsage used;

  private final Map<Integer, Found> found = new HashMap<>();
  private final Map<Integer, Integer> links = new HashMap<>();
  private final SortedMap<AbsolutePath, Integer> names = new TreeMap<>();

  TreeWalk(FileSystem files, Budget budget, Flaws flaws) {
    this.budget = budget;
    this.inodes = new InodeReader(files, budget);
    this.directories = new DirectoryReader(files, budget);
    this.flaws = flaws;
    this.used = new InodeUsage(files.geometry());
  }

  /** A name of an inode, in the directory that is the inode {@code parent}. */
  private record Name(AbsolutePath path, int parent, DirectoryEntry entry) {}

  /**
   * Reads everything but the bodies of files.
   *
   * @return the root directory
   * @throws DamagedDiskException if there is no root directory
   */
  Found walk() throws IOException {
    DirectoryEntry root = new DirectoryEntry(Inode.ROOT, DirectoryEntry.Type.DIRECTORY, "/");
    List<Name> level = visit(new Name(AbsolutePath.ROOT, Inode.ROOT, root));
    Found top = found.get(Inode.ROOT);
    if (top == null || !top.isDirectory()) {
      throw new DamagedDiskException("the file system has no root directory");
    }
    while (!level.isEmpty()) {
      level.sort(Comparator.comparing(name -> name.entry.inode()));
      List<Name> next = new ArrayList<>();
      for (Name name : level) {
        next.addAll(visit(name));
      }
      level = next;
    }
    found.forEach(this::checkLinks);
    return top;
  }

  /** Reads the inode that a name leads to; returns the names in it. */
  private List<Name> visit(Name name) throws IOException {
    Flaws here = flaws.at(name.path.value());
    int number = name.entry.inode();
    Found known = found.get(number);
    if (known != null) {
      if (here.require(!known.isDirectory(), "it is another directory too")) {
        named(name, known, here);
      }
      return List.of();
    }
    try {
      here.require(
          number == Inode.ROOT || number >= Inode.FIRST, "it is the reserved inode " + number);
      InodeReader.Opened opened = inodes.open(number, here);
      Found read = inodes.read(opened, name.path, here);
      if (!read.isFile() && read.entry().isEmpty()) {
        return List.of();
      }
      found.put(number, read);
      used.mark(number, read.isDirectory());
      named(name, read, here);
      return read.isDirectory() ? children(opened, name, here) : List.of();
    } catch (DamagedDiskException e) {
      here.structure(e.problem());
      return List.of();
    }
  }

  private void named(Name name, Found read, Flaws here) {
    here.require(
        name.entry.type() == read.entryType(), "its directory says that it is something else");
    names.put(name.path, name.entry.inode());
    links.merge(name.entry.inode(), 1, Integer::sum);
    if (read.isDirectory()) {
      links.merge(name.entry.inode(), 1, Integer::sum);
      if (!name.path.isRoot()) {
        links.merge(name.parent, 1, Integer::sum);
      }
    }
  }

  private List<Name> children(InodeReader.Opened directory, Name name, Flaws here)
      throws IOException {
    List<Name> children = new ArrayList<>();
    for (DirectoryEntry entry : directories.read(directory, name.parent, here)) {
      String text = entry.name().orElseThrow();
      int length = name.path.value().length() + 1 + text.length();
      budget.memory(2L * (length - text.length()));
      if (here.require(length <= MAX_PATH, "it has names that are too long")) {
        children.add(new Name(name.path.child(text), directory.number(), entry));
      }
    }
    return children;
  }

  private void checkLinks(int number, Found read) {
    int counted = links.getOrDefault(number, 0);
    boolean many = read.isDirectory() && counted > Inventory.MAX_LINKS;
    flaws
        .at(read.path().value())
        .require(
            read.links() == (many ? 1 : counted),
            "it has %d links, and its inode says %d".formatted(counted, read.links()));
  }

  /** The inode of each path. */
  SortedMap<AbsolutePath, Integer> names() {
    return Collections.unmodifiableSortedMap(names);
  }

  /** What each inode is. */
  Map<Integer, Found> found() {
    return Collections.unmodifiableMap(found);
  }

  /** The inodes that are in use: the reserved ones, and those that have a name. */
  InodeUsage used() {
    return used;
  }
}
