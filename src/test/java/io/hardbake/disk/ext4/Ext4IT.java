package io.hardbake.disk.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.image.Manifest;
import io.hardbake.image.UnpackedTree;
import io.hardbake.io.Size;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small file systems as e2fsprogs and the kernel read them. */
final class Ext4IT {
  @TempDir private Path directory;

  @BeforeEach
  void requireTools() {
    Oracle.require("e2fsck", "debugfs", "dumpe2fs");
  }

  private FileSystemFile write(FileTree tree, Size size) throws Exception {
    return FileSystemFile.write(
        Ext4.plan(tree, List.of(), TestTree.settings(size)), directory.resolve("root.ext4"));
  }

  @Test
  void e2fsckAcceptsEveryKindOfEntry() throws Exception {
    write(TestTree.small(), Size.mib(64)).e2fsck().succeeded();
  }

  @Test
  void theKernelMountsWhatTheManifestSays() throws Exception {
    FileSystemFile image = write(TestTree.small(), Size.mib(64));
    Path root = Files.createDirectory(directory.resolve("root"));
    FileTree expected =
        TestTree.with(TestTree.small(), "/lost+found", new Directory(TestTree.meta(0700)));
    String seen = image.mounted(root, at -> UnpackedTree.comparable(UnpackedTree.manifestOf(at)));
    assertEquals(UnpackedTree.comparable(Manifest.of(expected)), seen);
    image.e2fsck().succeeded();

    // The comparison sees a mode that differs, and what the kernel writes stays sound.
    image.mounted(root, at -> Oracle.run("chmod", "0600", at.resolve("etc/empty").toString()));
    assertNotEquals(
        seen, image.mounted(root, at -> UnpackedTree.comparable(UnpackedTree.manifestOf(at))));
    image.e2fsck().succeeded();
  }

  @Test
  void aCopyOfTheSuperblockSavesTheFileSystem() throws Exception {
    FileSystemFile image = write(TestTree.small(), Size.mib(500));
    String file = image.file().toString();
    image.flip(1024 + 0x38); // the magic number
    Oracle.run("dumpe2fs", "-h", file).refused();
    Oracle.run("dumpe2fs", "-h", "-o", "superblock=32768", "-o", "blocksize=4096", file)
        .succeeded();
    // Bitmaps of unused groups are made anew then, whoever made the file system; 1 means mended.
    assertEquals(1, Oracle.run("e2fsck", "-fy", "-b", "32768", "-B", "4096", file).exitCode());
    image.e2fsck().succeeded();
    assertTrue(image.debugfs("stat /bin/ping").contains("Size: 5000"));
  }

  @Test
  void e2fsckRefusesDamage() throws Exception {
    FileSystemFile image = write(TestTree.small(), Size.mib(64));
    for (long offset :
        new long[] {
          1024 + 0x10, // superblock: free inodes
          4096 + 0x0c, // group descriptor: free blocks
          inode(image, "/bin/ping") + 0x28 + 12 + 8, // its first extent
          inode(image, "/bin/ping") + 0x7c, // its sum
          block(image, "/etc") + 20, // a directory entry
          block(image, "/etc") + 4092 // the sum of a directory block
        }) {
      image.flip(offset);
      image.e2fsck().refused();
      image.flip(offset);
    }
    image.e2fsck().succeeded();
  }

  /** Where an inode lies, in bytes. */
  private static long inode(FileSystemFile image, String path) {
    // Inode 270 is part of block group 0, block 40, offset 0x0d00
    String[] words = image.debugfs("imap " + path).strip().split("\\s+", -1);
    int block = List.of(words).lastIndexOf("block");
    long number = Long.parseLong(words[block + 1].replace(",", ""));
    return Block.offset(number) + Long.decode(words[words.length - 1]);
  }

  private static long block(FileSystemFile image, String path) {
    return Block.offset(Long.parseLong(image.debugfs("bmap " + path + " 0").strip()));
  }

  @Test
  void otherProgramsSeeTheSettings() throws Exception {
    FileSystemFile image = write(TestTree.small(), Size.gib(10));
    String seen = Oracle.run("dumpe2fs", "-h", image.file().toString()).succeeded().stdout();
    for (String line :
        List.of(
            "Filesystem volume name:   hardbake-root",
            "Filesystem UUID:          8b1f4b2c-4f0e-4b1c-9c55-000102030405",
            "Directory Hash Seed:      f00dfeed-1234-4321-8888-a5a5a5a5a5a5",
            "Filesystem features:      has_journal ext_attr resize_inode dir_index filetype extent"
                + " 64bit flex_bg sparse_super large_file huge_file dir_nlink extra_isize"
                + " metadata_csum",
            "Default mount options:    user_xattr acl",
            "Inode count:              655360",
            "Reserved block count:     131072",
            "Total journal size:       64M",
            "Filesystem created:       Tue Nov 14 22:13:20 2023")) {
      assertTrue(seen.lines().anyMatch(line::equals), () -> line + " is not in\n" + seen);
    }
    // An empty 10 GiB cost what is used of them.
    assertTrue(Files.size(image.file()) == Size.gib(10).bytes());
    image.e2fsck().succeeded();
  }
}
