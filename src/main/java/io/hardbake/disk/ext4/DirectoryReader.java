package io.hardbake.disk.ext4;

import io.hardbake.disk.MemoryBudget;
import io.hardbake.disk.OversizedDiskException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the names in directories. */
final class DirectoryReader {
  /** Names of each directory that nobody keeps: its own and its parent's. */
  private static final int DOTS = 2;

  private final FileSystem files;
  private final Budget budget;
  private final DirectoryHash hash;

  DirectoryReader(FileSystem files, Budget budget) {
    this.files = files;
    this.budget = budget;
    this.hash = new DirectoryHash(files.superblock().hashSeed());
  }

  /**
   * The entries of a directory but {@code .} and {@code ..}, no two with one name.
   *
   * @param parent the inode of the directory above
   * @throws OversizedDiskException if the budget has not as much left as they take
   */
  List<DirectoryEntry> read(InodeReader.Opened directory, int parent, Flaws flaws)
      throws IOException {
    long size = directory.inode().size();
    long blocks = directory.mapping().blocks();
    if (!flaws.require(
        size > 0 && size == Block.offset(blocks),
        "it has %d bytes in %d blocks".formatted(size, blocks))) {
      return List.of();
    }
    Checksum sum = files.sum().ofInode(directory.number());
    HashTree.Source source = logical -> files.block(directory.mapping().physical(logical));
    boolean indexed = (directory.inode().flags() & Inode.INDEX) != 0;
    SortedMap<Long, HashTree.Range> leaves =
        indexed ? HashTree.leaves(source, blocks, sum, flaws) : new TreeMap<>();
    List<DirectoryEntry> entries = new ArrayList<>();
    if (indexed) {
      dots(source.block(0)).forEach(entries::add);
    }
    for (long i = indexed ? 1 : 0; i < blocks; i++) {
      HashTree.Range range = leaves.get(i);
      if (!indexed || range != null) {
        add(block(source.block(i), sum, range, flaws.in("block " + i)), entries);
      }
    }
    return named(entries, directory.number(), parent, flaws);
  }

  /** One directory can have more names than fit into memory, so each block is paid for at once. */
  private void add(List<DirectoryEntry> block, List<DirectoryEntry> entries)
      throws OversizedDiskException {
    for (DirectoryEntry entry : block) {
      entries.add(entry);
      if (entries.size() > DOTS) {
        budget.memory(MemoryBudget.ENTRY + 2L * entry.length());
      }
    }
  }

  /** The first two entries of an index, which reach over all of its block. */
  private static List<DirectoryEntry> dots(ByteBuffer root) {
    List<DirectoryEntry> dots = new ArrayList<>();
    DirectoryEntry.readAt(root, 0, Block.BYTES).ifPresent(dots::add);
    DirectoryEntry.readAt(root, HashTree.PARENT_AT, Block.BYTES).ifPresent(dots::add);
    return dots;
  }

  private List<DirectoryEntry> block(
      ByteBuffer block, Checksum sum, HashTree.@Nullable Range range, Flaws flaws) {
    if (flaws.require(DirectoryBlock.hasTail(block), "it has no checksum")
        && !DirectoryBlock.sumHolds(block, sum)) {
      flaws.checksum();
    }
    Optional<List<DirectoryEntry>> entries = DirectoryBlock.read(block);
    flaws.require(entries.isPresent(), "its entries do not fill it");
    if (range != null) {
      for (DirectoryEntry entry : entries.orElse(List.of())) {
        flaws.require(
            range.holds(entry.hash(hash)), "the index does not lead to inode " + entry.inode());
      }
    }
    return entries.orElse(List.of());
  }

  private static List<DirectoryEntry> named(
      List<DirectoryEntry> all, int self, int parent, Flaws flaws) {
    List<DirectoryEntry> named = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int dots = 0;
    for (DirectoryEntry entry : all) {
      String name = entry.name().orElse("");
      if (!flaws.require(!name.isEmpty() && names.add(name), "a name is there twice, or none")) {
        continue;
      }
      if (name.equals(".") || name.equals("..")) {
        dots += entry.inode() == (name.equals(".") ? self : parent) ? 1 : 0;
      } else {
        named.add(entry);
      }
    }
    flaws.require(dots == 2, "it does not name itself and its parent");
    return named;
  }
}
