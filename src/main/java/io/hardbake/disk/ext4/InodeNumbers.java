package io.hardbake.disk.ext4;

import io.hardbake.failure.RecipeException;
import io.hardbake.tree.AbsolutePath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which inode has which number. Each layer begins with a number whose inode begins a cluster of 64
 * KiB of the table, and so do the directories, as long as there are inodes to spare: a layer's part
 * of the table is then the same whatever comes after it.
 */
final class InodeNumbers {
  private static final int CLUSTER = (1 << 16) / Inode.BYTES;

  private final Map<AbsolutePath, Integer> numbers = new HashMap<>();
  private long next = Inode.FIRST + 1L;
  private long spare;

  /**
   * Gives every node its number.
   *
   * @throws RecipeException if there are not enough inodes
   */
  static InodeNumbers of(Inventory inventory, Geometry geometry) throws RecipeException {
    long needed = needed(inventory);
    if (needed > geometry.inodes()) {
      throw new RecipeException(
          "the files need %d inodes, but the file system has only %d"
              .formatted(needed, geometry.inodes()),
          "make the disk larger: its inodes become more with it");
    }
    return new InodeNumbers(inventory, geometry.inodes() - needed);
  }

  /** On a file system that is large enough, whichever that is. */
  static InodeNumbers unlimited(Inventory inventory) {
    return new InodeNumbers(inventory, 0);
  }

  static boolean suffice(Inventory inventory, Geometry geometry) {
    return needed(inventory) <= geometry.inodes();
  }

  /** Two nodes, the root and lost+found, have reserved numbers. */
  private static long needed(Inventory inventory) {
    return Inode.FIRST + inventory.nodes().size() - 2L;
  }

  private InodeNumbers(Inventory inventory, long spare) {
    this.spare = spare;
    numbers.put(AbsolutePath.ROOT, Inode.ROOT);
    numbers.put(Inventory.LOST_AND_FOUND, Inode.FIRST);
    for (List<Slot> layer : inventory.order()) {
      align();
      for (Slot slot : layer) {
        slot.node().ifPresentOrElse(this::number, () -> leave(1));
      }
    }
    align();
    inventory.directories().forEach(this::number);
  }

  private void align() {
    leave(Math.floorMod(1 - next, CLUSTER)); // inode 1 is the first of the table
  }

  private void leave(long count) {
    if (count <= spare) {
      spare -= count;
      next += count;
    }
  }

  private void number(Node node) {
    if (!numbers.containsKey(node.path())) {
      numbers.put(node.path(), Math.toIntExact(next++));
    }
  }

  int of(AbsolutePath path) {
    Integer number = numbers.get(path);
    if (number == null) {
      throw new IllegalArgumentException(path + " is no inode");
    }
    return number;
  }
}
