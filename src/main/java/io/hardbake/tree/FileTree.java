package io.hardbake.tree;

import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A frozen file tree. Every parent of an entry is a directory of the tree; every hard link names a
 * regular file that comes before it in path order.
 */
public final class FileTree {
  private final Entries entries;

  private FileTree(Entries entries) {
    this.entries = entries;
  }

  /** A builder that holds nothing but the root directory. */
  public static Builder builder(Meta root) {
    Builder builder = new Builder(new Entries(), false);
    builder.putExact(AbsolutePath.ROOT, new Directory(root));
    return builder;
  }

  /** All entries, in path order. */
  public NavigableMap<AbsolutePath, Entry> entries() {
    return Collections.unmodifiableNavigableMap(entries.inOrder());
  }

  /** The entry under exactly this path; no symbolic link is followed. */
  public Optional<Entry> get(AbsolutePath path) {
    return Optional.ofNullable(entries.get(path));
  }

  /**
   * The path that this one leads to once all symbolic links are followed; empty where it leads
   * nowhere.
   */
  public Optional<AbsolutePath> resolve(AbsolutePath path) {
    return entries.resolve(path);
  }

  /** The regular file that this path leads to through symbolic and hard links. */
  public Optional<RegularFile> file(AbsolutePath path) {
    return entries.file(path);
  }

  /** The entries of a directory, by path, not those further down. */
  public NavigableMap<AbsolutePath, Entry> children(AbsolutePath directory) {
    return entries.children(directory);
  }

  /** A builder that begins with this tree. */
  public Builder toBuilder() {
    return new Builder(entries, true);
  }

  /** This tree with the layer applied on top, as a container engine would. */
  public FileTree with(Layer layer) {
    Builder builder = toBuilder();
    layer.removals().forEach(builder::remove);
    layer.entries().forEach(builder::putExact);
    return builder.freeze();
  }

  /**
   * The layer that makes this tree out of {@code lower}. It brings the parents of all that it
   * changes, so that engines do not invent them, and all names of a file with hard links, so that
   * no link leaves its layer.
   */
  public Layer minus(FileTree lower, String name) {
    NavigableMap<AbsolutePath, Entry> changed = new TreeMap<>();
    entries
        .inOrder()
        .forEach(
            (path, entry) -> {
              Entry old = lower.entries.get(path);
              if (old == null || !entry.sameAs(old)) {
                changed.put(path, entry);
              }
            });
    addHardLinkGroups(changed);
    NavigableSet<AbsolutePath> removals = new TreeSet<>();
    for (AbsolutePath path : lower.entries.inOrder().keySet()) {
      boolean parentGone = !path.isRoot() && removals.contains(path.parent());
      if (!entries.contains(path) && !parentGone && !belowAny(path, removals)) {
        // A directory that became something else takes its children with it.
        if (entries.get(path.parent()) instanceof Directory) {
          removals.add(path);
        }
      }
    }
    Set<AbsolutePath> parents = new HashSet<>();
    for (AbsolutePath path : changed.keySet()) {
      addParents(path, parents);
    }
    for (AbsolutePath path : removals) {
      addParents(path, parents);
    }
    for (AbsolutePath parent : parents) {
      Entry entry = entries.get(parent);
      if (entry != null) {
        changed.putIfAbsent(parent, entry);
      }
    }
    return new Layer(name, changed, removals);
  }

  private void addHardLinkGroups(NavigableMap<AbsolutePath, Entry> changed) {
    Set<AbsolutePath> targets = new HashSet<>();
    entries
        .inOrder()
        .forEach(
            (path, entry) -> {
              if (entry instanceof HardLink link
                  && (changed.containsKey(path) || changed.containsKey(link.target()))) {
                targets.add(link.target());
              }
            });
    entries
        .inOrder()
        .forEach(
            (path, entry) -> {
              if (targets.contains(path)
                  || (entry instanceof HardLink link && targets.contains(link.target()))) {
                changed.put(path, entry);
              }
            });
  }

  private static boolean belowAny(AbsolutePath path, NavigableSet<AbsolutePath> removed) {
    AbsolutePath floor = removed.floor(path);
    return floor != null && path.isBelow(floor);
  }

  private static void addParents(AbsolutePath path, Set<AbsolutePath> parents) {
    for (AbsolutePath p = path; !p.isRoot(); p = p.parent()) {
      if (!parents.add(p.parent())) {
        return;
      }
    }
  }

  /** A tree in the making. Not safe for use by several threads. */
  public static final class Builder {
    private Entries entries;
    private boolean frozen; // a tree has these entries too: they are copied before they change
    private final Set<AbsolutePath> unchecked = new HashSet<>();

    /** The hard links to each file; found once a file gives way, and kept until the next freeze. */
    private @Nullable Map<AbsolutePath, NavigableSet<AbsolutePath>> linksTo;

    private Builder(Entries entries, boolean frozen) {
      this.entries = entries;
      this.frozen = frozen;
    }

    private Entries own() {
      if (frozen) {
        entries = entries.copy();
        frozen = false;
      }
      return entries;
    }

    public Optional<Entry> get(AbsolutePath path) {
      return Optional.ofNullable(entries.get(path));
    }

    public Optional<AbsolutePath> resolve(AbsolutePath path) {
      return entries.resolve(path);
    }

    public Optional<RegularFile> file(AbsolutePath path) {
      return entries.file(path);
    }

    public NavigableMap<AbsolutePath, Entry> children(AbsolutePath directory) {
      return entries.children(directory);
    }

    /** In path order; good until the next change. */
    public NavigableMap<AbsolutePath, Entry> entries() {
      return Collections.unmodifiableNavigableMap(entries.inOrder());
    }

    /**
     * Puts an entry as dpkg unpacks it: the parent is followed through symbolic links to
     * directories, missing parents are made with owner root, mode 0755 and the entry's time, and a
     * directory that lands on a symbolic link to a directory leaves the link in place. A file that
     * gives way lives on under its other names.
     *
     * @return the path under which the entry really stands
     * @throws IllegalStateException if a parent is not a directory
     */
    public AbsolutePath put(AbsolutePath path, Entry entry) {
      if (path.isRoot()) {
        putExact(path, entry);
        return path;
      }
      AbsolutePath real = directory(path.parent(), entry.meta()).child(path.name());
      if (entry instanceof Directory && entries.get(real) instanceof Symlink) {
        Optional<AbsolutePath> target = resolve(real);
        if (target.isPresent() && entries.get(target.get()) instanceof Directory) {
          return target.get();
        }
      }
      bequeath(real);
      putExact(real, entry);
      return real;
    }

    /**
     * Puts an entry under exactly this path; what is no directory any more loses its children. Hard
     * links to the path are further names of what is put.
     */
    public void putExact(AbsolutePath path, Entry entry) {
      Entry old = entries.get(path);
      if (old instanceof Directory && !(entry instanceof Directory)) {
        remove(path);
      }
      set(path, entry);
      unchecked.add(path);
    }

    /**
     * Removes a path and all below it; a path that is not there is no error. A file lives on under
     * its names elsewhere.
     */
    public void remove(AbsolutePath path) {
      removeOne(path);
      for (AbsolutePath next = entries.inOrder().higherKey(path);
          next != null && next.isBelow(path);
          next = entries.inOrder().higherKey(path)) {
        removeOne(next);
      }
    }

    private void removeOne(AbsolutePath path) {
      bequeath(path);
      forget(path);
      own().remove(path);
    }

    private void set(AbsolutePath path, Entry entry) {
      forget(path);
      if (linksTo != null && entry instanceof HardLink link) {
        linksTo.computeIfAbsent(link.target(), t -> new TreeSet<>()).add(path);
      }
      own().put(path, entry);
    }

    private void forget(AbsolutePath path) {
      if (linksTo != null && entries.get(path) instanceof HardLink link) {
        NavigableSet<AbsolutePath> links = linksTo.get(link.target());
        if (links != null) {
          links.remove(path);
        }
      }
    }

    /** Makes the next name of a file with hard links the file, before its first one goes. */
    private void bequeath(AbsolutePath path) {
      if (!(entries.get(path) instanceof RegularFile file)) {
        return;
      }
      NavigableSet<AbsolutePath> heirs = linksTo().remove(path);
      if (heirs != null && !heirs.isEmpty()) {
        AbsolutePath first = heirs.first();
        set(first, file);
        heirs.tailSet(first, false).forEach(heir -> set(heir, new HardLink(file.meta(), first)));
      }
    }

    private Map<AbsolutePath, NavigableSet<AbsolutePath>> linksTo() {
      if (linksTo == null) {
        Map<AbsolutePath, NavigableSet<AbsolutePath>> found = new HashMap<>();
        entries
            .inOrder()
            .forEach(
                (path, entry) -> {
                  if (entry instanceof HardLink link) {
                    found.computeIfAbsent(link.target(), t -> new TreeSet<>()).add(path);
                  }
                });
        linksTo = found;
      }
      return linksTo;
    }

    private AbsolutePath directory(AbsolutePath path, Meta child) {
      Optional<AbsolutePath> existing = resolve(path);
      if (existing.isPresent()) {
        if (!(entries.get(existing.get()) instanceof Directory)) {
          throw new IllegalStateException(existing.get() + " is not a directory");
        }
        return existing.get();
      }
      if (path.isRoot()) {
        return path;
      }
      AbsolutePath real = directory(path.parent(), child).child(path.name());
      if (entries.contains(real)) {
        throw new IllegalStateException(real + " leads nowhere");
      }
      putExact(real, new Directory(Meta.root(0755, child.mtime(), child.provenance())));
      return real;
    }

    /**
     * The tree as it stands.
     *
     * @throws IllegalStateException if a parent is missing or no directory, or a hard link has no
     *     regular file
     */
    public FileTree freeze() {
      // What was frozen before had its parents, and none loses its parent but with it.
      for (AbsolutePath path : unchecked) {
        if (entries.contains(path) && !(entries.get(path.parent()) instanceof Directory)) {
          throw new IllegalStateException(path + " has no parent directory");
        }
      }
      orderHardLinks();
      linksTo = null;
      unchecked.clear();
      frozen = true;
      return new FileTree(entries);
    }

    /** The first name in path order becomes the file, the others its links. */
    private void orderHardLinks() {
      NavigableMap<AbsolutePath, NavigableSet<AbsolutePath>> names = new TreeMap<>();
      entries
          .inOrder()
          .forEach(
              (path, entry) -> {
                if (entry instanceof HardLink link) {
                  names.computeIfAbsent(link.target(), t -> new TreeSet<>(Set.of(t))).add(path);
                }
              });
      names.forEach(
          (target, group) -> {
            if (!(entries.get(target) instanceof RegularFile file)) {
              throw new IllegalStateException(
                  group + ": hard links to " + target + ", which is no regular file");
            }
            AbsolutePath first = group.first();
            for (AbsolutePath path : group) {
              Entry right = path.equals(first) ? file : new HardLink(file.meta(), first);
              if (!right.equals(entries.get(path))) {
                own().put(path, right);
              }
            }
          });
    }
  }
}
