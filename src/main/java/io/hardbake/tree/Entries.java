package io.hardbake.tree;

import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries by path, in two maps: one has the order, the other answers the many questions for a
 * single path, for which an ordered map would compare a dozen long paths each.
 */
final class Entries {
  /** As many links as Linux follows in one lookup (path_resolution(7)). */
  private static final int MAX_SYMLINKS = 40;

  private final NavigableMap<AbsolutePath, Entry> inOrder;
  private final Map<AbsolutePath, Entry> byPath;

  Entries() {
    inOrder = new TreeMap<>();
    byPath = new HashMap<>();
  }

  private Entries(Entries others) {
    inOrder = new TreeMap<>(others.inOrder);
    byPath = new HashMap<>(others.byPath);
  }

  Entries copy() {
    return new Entries(this);
  }

  @Nullable Entry get(AbsolutePath path) {
    return byPath.get(path);
  }

  boolean contains(AbsolutePath path) {
    return byPath.containsKey(path);
  }

  void put(AbsolutePath path, Entry entry) {
    if (byPath.put(path, entry) != entry) {
      inOrder.put(path, entry);
    }
  }

  void remove(AbsolutePath path) {
    if (byPath.remove(path) != null) {
      inOrder.remove(path);
    }
  }

  /** For reading alone: changes go through this class. */
  NavigableMap<AbsolutePath, Entry> inOrder() {
    return inOrder;
  }

  /** What stands in a directory itself, by full paths in their order. */
  NavigableMap<AbsolutePath, Entry> children(AbsolutePath directory) {
    NavigableMap<AbsolutePath, Entry> children = new TreeMap<>();
    for (Map.Entry<AbsolutePath, Entry> e : inOrder.tailMap(directory, false).entrySet()) {
      if (!e.getKey().isBelow(directory)) {
        break;
      }
      if (e.getKey().parent().equals(directory)) {
        children.put(e.getKey(), e.getValue());
      }
    }
    return children;
  }

  /** The regular file that a path leads to, by symbolic and hard links. */
  Optional<RegularFile> file(AbsolutePath path) {
    return resolve(path)
        .map(this::get)
        .map(entry -> entry instanceof HardLink link ? get(link.target()) : entry)
        .map(entry -> entry instanceof RegularFile file ? file : null);
  }

  /** Where a path leads when symbolic links are followed; nothing if nowhere. */
  Optional<AbsolutePath> resolve(AbsolutePath path) {
    Entry exact = get(path);
    if (exact != null && !(exact instanceof Symlink)) {
      return Optional.of(path); // what stands in a tree stands below directories alone
    }
    Deque<String> left = new ArrayDeque<>(path.components());
    AbsolutePath at = AbsolutePath.ROOT;
    int followed = 0;
    while (!left.isEmpty()) {
      String component = left.pop();
      if (component.isEmpty() || component.equals(".")) {
        continue;
      }
      if (component.equals("..")) {
        at = at.parent();
        continue;
      }
      AbsolutePath next = at.child(component);
      Entry entry = get(next);
      if (entry == null) {
        return Optional.empty();
      }
      if (entry instanceof Symlink link) {
        if (++followed > MAX_SYMLINKS) {
          return Optional.empty();
        }
        String[] target = link.target().split("/", -1);
        for (int i = target.length - 1; i >= 0; i--) {
          left.push(target[i]);
        }
        if (link.target().startsWith("/")) {
          at = AbsolutePath.ROOT;
        }
        continue;
      }
      if (!left.isEmpty() && !(entry instanceof Directory)) {
        return Optional.empty();
      }
      at = next;
    }
    return Optional.of(at);
  }
}
