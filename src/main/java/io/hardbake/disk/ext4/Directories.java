package io.hardbake.disk.ext4;

import io.hardbake.failure.IntegrityException;
import io.hardbake.tree.AbsolutePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the blocks of all directories. */
final class Directories {
  private final Inventory files;
  private final InodeNumbers numbers;
  private final DirectoryHash hash;
  private final Checksum sum;

  private Directories(Inventory files, InodeNumbers numbers, Ext4Settings settings) {
    this.files = files;
    this.numbers = numbers;
    this.hash = new DirectoryHash(settings.hashSeed());
    this.sum = Checksum.of(settings.uuid());
  }

  /**
   * The inventory with the bodies of its directories.
   *
   * @throws IntegrityException if a directory has more names than its index can hold
   */
  static Inventory fill(Inventory files, InodeNumbers numbers, Ext4Settings settings)
      throws IntegrityException {
    Directories directories = new Directories(files, numbers, settings);
    Map<AbsolutePath, Node> nodes = new LinkedHashMap<>(files.nodes());
    for (Node directory : files.directories()) {
      nodes.put(directory.path(), directories.fill(directory));
    }
    return new Inventory(nodes, files.order(), files.names());
  }

  private Node fill(Node directory) throws IntegrityException {
    AbsolutePath path = directory.path();
    List<DirectoryEntry> entries = new ArrayList<>();
    for (var name : files.namesIn(path).entrySet()) {
      entries.add(entry(name.getKey(), files.node(name.getValue())));
    }
    DirectoryEntry self = entry(".", directory);
    DirectoryEntry parent = entry("..", files.node(path.parent()));
    Checksum ofInode = sum.ofInode(numbers.of(path));
    DirectoryBody body =
        DirectoryBody.of(self, parent, entries, hash, ofInode)
            .orElseThrow(
                () ->
                    new IntegrityException(
                        path + " has more names than an ext4 directory can hold: " + entries.size(),
                        "spread them over several directories"));
    if (path.equals(Inventory.LOST_AND_FOUND)) {
      body = body.withRoom(ofInode);
    }
    return directory.withDirectory(body);
  }

  private DirectoryEntry entry(String name, Node node) {
    return new DirectoryEntry(numbers.of(node.path()), node.entryType(), name);
  }
}
