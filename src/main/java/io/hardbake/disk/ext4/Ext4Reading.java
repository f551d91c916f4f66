package io.hardbake.disk.ext4;

import io.hardbake.disk.BodyDigests;
import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskBody;
import io.hardbake.disk.Findings;
import io.hardbake.disk.MemoryBudget;
import io.hardbake.disk.OversizedDiskException;
import io.hardbake.disk.ReadableDisk;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * What an ext4 file system holds.
 *
 * @param tree its files, without a lost+found that every file system has; bodies are read from the
 *     disk when they are opened
 * @param facts what its superblock says, by name: {@code uuid}, {@code label}…
 */
public record Ext4Reading(FileTree tree, SortedMap<String, String> facts) {
  public Ext4Reading {
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  /**
   * Reads all of a file system.
   *
   * @param disk the partition
   * @param findings takes what is wrong: {@code ext4-checksum}, {@code ext4-structure}, and {@code
   *     unreadable} for files that are left out
   * @param memory what the tree may take
   * @param advance is told how many bytes more of files are read
   * @throws DamagedDiskException if there is so little order that nothing can be read
   * @throws OversizedDiskException if it has more files than fit into memory
   */
  public static Ext4Reading of(
      ReadableDisk disk, Findings findings, MemoryBudget memory, LongConsumer advance)
      throws IOException {
    Flaws flaws = new Flaws(findings, "ext4");
    FileSystem files = FileSystem.open(disk, flaws);
    return of(files, new Budget(files.geometry(), memory), flaws, advance);
  }

  static Ext4Reading of(FileSystem files, Budget budget, Flaws flaws, LongConsumer advance)
      throws IOException {
    new InternalFiles(files, budget).check(flaws);
    TreeWalk walk = new TreeWalk(files, budget, flaws);
    Found root = walk.walk();
    new UsageCheck(files, walk.used(), flaws).check();
    SortedMap<AbsolutePath, Entry> entries = entries(walk, flaws.findings(), advance);
    if (isOwn(entries, Inventory.LOST_AND_FOUND, files.superblock())) {
      entries.remove(Inventory.LOST_AND_FOUND);
    }
    FileTree.Builder tree = FileTree.builder(root.meta());
    entries.forEach(tree::putExact);
    return new Ext4Reading(tree.freeze(), facts(files.superblock(), walk));
  }

  private static SortedMap<AbsolutePath, Entry> entries(
      TreeWalk walk, Findings findings, LongConsumer advance) throws IOException {
    Map<Integer, DiskBody> bodies = new HashMap<>();
    walk.found()
        .forEach((number, found) -> found.body().ifPresent(body -> bodies.put(number, body)));
    Map<Integer, Content> contents =
        BodyDigests.of(bodies, number -> path(walk, number), findings, advance);
    SortedMap<AbsolutePath, Entry> entries = new TreeMap<>();
    Map<Integer, AbsolutePath> files = new HashMap<>();
    walk.names()
        .forEach(
            (path, number) -> {
              Found found = walk.found().get(number);
              Content content = contents.get(number);
              if (found != null && found.entry().isPresent()) {
                entries.put(path, found.entry().get());
              } else if (found != null && content != null) {
                AbsolutePath first = files.putIfAbsent(number, path);
                entries.put(
                    path,
                    first == null
                        ? new RegularFile(found.meta(), content)
                        : new HardLink(found.meta(), first));
              }
            });
    return entries;
  }

  /** Whether lost+found is as every new file system has it, and no tree brought it. */
  private static boolean isOwn(
      SortedMap<AbsolutePath, Entry> entries, AbsolutePath path, Superblock superblock) {
    Meta own = Meta.root(0700, superblock.time().getEpochSecond(), Provenance.ofSettle("ext4"));
    Entry there = entries.get(path);
    return there != null
        && there.sameAs(new Directory(own))
        && entries.tailMap(path).keySet().stream().skip(1).noneMatch(next -> next.isBelow(path));
  }

  private static String path(TreeWalk walk, int number) {
    Found found = walk.found().get(number);
    return found == null ? "inode " + number : found.path().value();
  }

  private static SortedMap<String, String> facts(Superblock superblock, TreeWalk walk) {
    return new TreeMap<>(
        Map.of(
            "uuid", superblock.uuid().toString(),
            "label", superblock.label(),
            "time", superblock.time().toString(),
            "blocks", Long.toString(superblock.geometry().blocks()),
            "free-blocks", Long.toString(superblock.freeBlocks()),
            "inodes", Long.toString(superblock.geometry().inodes()),
            "used-inodes", Integer.toString(walk.found().size())));
  }
}
