package io.hardbake.disk.ext4;

import io.hardbake.disk.Volume;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.RecipeException;
import io.hardbake.io.Size;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import java.io.IOException;
import java.util.List;

/** Plans ext4 file systems: the same tree, layers and settings give the same bytes. */
public final class Ext4 {
  private static final long MEBIBYTE = 1 << 20;

  private Ext4() {}

  /**
   * Plans a file system that holds a tree.
   *
   * @param layers of which the tree consists, from the bottom up: files are laid out in their
   *     order. What comes from none of them is laid out last; the list may be empty
   * @return the whole file system; bodies of files stay where they are
   * @throws RecipeException if the files do not fit into the size
   * @throws IntegrityException if ext4 cannot hold an entry
   * @throws IOException if the body of a file cannot be read
   */
  public static Volume plan(FileTree tree, List<Layer> layers, Ext4Settings settings)
      throws BakeException, IOException {
    Inventory files = Inventory.of(tree, layers, settings.time().getEpochSecond());
    Geometry geometry = Geometry.of(settings);
    InodeNumbers numbers = InodeNumbers.of(files, geometry);
    Inventory inventory = Directories.fill(files, numbers, settings);
    GroupTables tables = new GroupTables(geometry);
    BlockAllocator allocator = new BlockAllocator(geometry.blocks(), tables.used());
    Demand demand = new Demand(geometry, inventory, allocator);
    if (demand.missing() > 0) {
      throw demand.full(smallestSize(inventory, settings));
    }
    allocator.announce(demand.total());
    Layout layout = new Layout(tables, inventory, allocator);
    return new Rendering(settings, layout, numbers).render();
  }

  /**
   * The smallest file system in full MiB that holds a tree, with nothing to spare.
   *
   * @param settings whose size is not looked at
   * @throws IntegrityException if ext4 cannot hold an entry
   */
  public static Size smallestSize(FileTree tree, Ext4Settings settings) throws BakeException {
    Inventory files = Inventory.of(tree, List.of(), settings.time().getEpochSecond());
    // Any numbers do: a directory's size follows from its names.
    InodeNumbers numbers = InodeNumbers.unlimited(files);
    return smallestSize(Directories.fill(files, numbers, settings), settings);
  }

  private static Size smallestSize(Inventory inventory, Ext4Settings settings)
      throws BakeException {
    long forInodes = Math.multiplyExact(inventory.nodes().size(), (long) settings.bytesPerInode());
    long size = MEBIBYTE * Math.max(8, forInodes / MEBIBYTE);
    while (true) {
      Geometry geometry = Geometry.of(settings.withSize(new Size(size)));
      BlockAllocator allocator =
          new BlockAllocator(geometry.blocks(), new GroupTables(geometry).used());
      long missing = new Demand(geometry, inventory, allocator).missing();
      if (missing <= 0 && InodeNumbers.suffice(inventory, geometry)) {
        return new Size(size);
      }
      // A larger file system has not less overhead, so this never leads beyond the smallest.
      long more = Block.offset(Math.max(missing, 1));
      size += (more + MEBIBYTE - 1) / MEBIBYTE * MEBIBYTE;
    }
  }
}
