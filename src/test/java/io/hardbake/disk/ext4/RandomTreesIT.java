package io.hardbake.disk.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.Oracle;
import io.hardbake.image.Manifest;
import io.hardbake.image.UnpackedTree;
import io.hardbake.io.Size;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three hundred trees, each on a file system that is just large enough for it, or hardly more. */
final class RandomTreesIT {
  private static final int TREES = 300;
  private static final int[] BYTES_PER_INODE = {4096, 6000, 16384};

  @TempDir private Path directory;

  @Test
  void theKernelAndE2fsckAgreeWithTheManifest() throws Exception {
    Oracle.require("e2fsck", "mount", "umount", "losetup", "getfattr");
    Oracle.requireRoot();
    Path root = Files.createDirectory(directory.resolve("root"));
    for (int seed = 0; seed < TREES; seed++) {
      RandomTree random = RandomTree.of(seed);
      Ext4Settings settings = TestTree.settings(Size.mib(8), BYTES_PER_INODE[seed % 3]);
      Size smallest = Ext4.smallestSize(random.tree(), settings);
      Size size = smallest.plus(Size.mib(seed % 5 / 2 * 100L));
      FileSystemFile image =
          FileSystemFile.write(
              Ext4.plan(random.tree(), random.layers(), settings.withSize(size)),
              directory.resolve("root.ext4"));
      image.e2fsck().succeeded();
      FileTree expected =
          TestTree.with(random.tree(), "/lost+found", new Directory(TestTree.meta(0700)));
      String seen = image.mounted(root, at -> UnpackedTree.comparable(UnpackedTree.manifestOf(at)));
      assertEquals(
          UnpackedTree.comparable(Manifest.of(expected)), seen, "the tree of seed " + seed);
      Files.delete(image.file());
    }
  }
}
