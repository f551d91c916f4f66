package io.hardbake.disk.fat;

import io.hardbake.disk.BodyDigests;
import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.DiskBody;
import io.hardbake.disk.Findings;
import io.hardbake.disk.MemoryBudget;
import io.hardbake.disk.OversizedDiskException;
import io.hardbake.disk.ReadableDisk;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * What a FAT file system holds.
 *
 * @param tree its files, owned by root, as Linux shows them; bodies are read from the disk when
 *     they are opened
 * @param facts what its boot sector says, by name: {@code label}, {@code serial}, {@code type}
 */
public record FatReading(FileTree tree, SortedMap<String, String> facts) {
  /** The two tables differ. */
  public static final String COPIES = "fat-copies";

  /** Something contradicts itself or something else. */
  public static final String STRUCTURE = "fat-structure";

  public FatReading {
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  /**
   * Reads all of a file system.
   *
   * @param disk the partition
   * @param findings takes what is wrong
   * @param memory what the tree may take
   * @param advance is told how many bytes more of files are read
   * @throws DamagedDiskException if there is so little order that nothing can be read
   * @throws OversizedDiskException if it has more files than fit into memory
   */
  public static FatReading of(
      ReadableDisk disk, Findings findings, MemoryBudget memory, LongConsumer advance)
      throws IOException {
    FatReader reader = new FatReader(disk, findings, memory);
    reader.checkCopies();
    SortedMap<AbsolutePath, FatReader.Found> found = reader.readTree();
    reader.checkUse();
    SortedMap<AbsolutePath, DiskBody> bodies = new TreeMap<>();
    found.forEach((path, each) -> each.body().ifPresent(body -> bodies.put(path, body)));
    Map<AbsolutePath, Content> contents =
        BodyDigests.of(bodies, AbsolutePath::value, findings, advance);
    FileTree.Builder tree = FileTree.builder(meta(0755, 0));
    found.forEach(
        (path, each) -> {
          Content content = contents.get(path);
          if (each.body().isEmpty()) {
            tree.putExact(path, new Directory(meta(0755, each.time())));
          } else if (content != null) {
            tree.putExact(path, new RegularFile(meta(0755, each.time()), content));
          }
        });
    return new FatReading(tree.freeze(), reader.facts());
  }

  private static Meta meta(int mode, long time) {
    return Meta.root(mode, time, new Provenance("disk:efi-system"));
  }
}
