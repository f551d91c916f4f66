package io.hardbake.disk.ext4;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileSlice;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.SparseContent;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the format changes its shape. */
final class BoundariesIT {
  @TempDir private Path directory;
  private Path root;

  @BeforeEach
  void requireTools() throws Exception {
    Oracle.require("e2fsck", "debugfs", "dumpe2fs", "mount");
    Oracle.requireRoot();
    root = Files.createDirectory(directory.resolve("root"));
  }

  private FileSystemFile write(FileTree tree, Size size) throws Exception {
    FileSystemFile image =
        FileSystemFile.write(
            Ext4.plan(tree, List.of(), TestTree.settings(size)), directory.resolve("root.ext4"));
    image.e2fsck().succeeded();
    return image;
  }

  /** A body of single blocks, each with its number, with a hole behind each. */
  private static SparseContent blocks(int count) throws Exception {
    NavigableMap<Long, Content> parts = new TreeMap<>();
    for (long i = 0; i < count; i++) {
      parts.put(i * 8192, Content.of("%d".formatted(i).repeat(4096).substring(0, 4096)));
    }
    return RandomTree.withHoles(new Size(count * 8192L), parts);
  }

  @ParameterizedTest
  @CsvSource({"4, 0", "5, 1", "340, 1", "341, 1", "1360, 1", "1361, 2", "2000, 2"})
  void extentTreesGrowInDepth(int extents, int depth) throws Exception {
    SparseContent content = blocks(extents);
    FileSystemFile image = write(new TestTree().file("/file", content).freeze(), Size.mib(64));
    String seen = image.debugfs("dump_extents /file");
    int deepest =
        seen.lines()
            .skip(1)
            .mapToInt(line -> Integer.parseInt(line.strip().split("/", 2)[0].strip()))
            .max()
            .orElseThrow();
    assertEquals(depth, deepest, seen);
    Path file = root.resolve("file");
    assertEquals(content.sha256(), image.mounted(root, at -> Sha256.of(file)));
    long blocks =
        Long.parseLong(
            image.mounted(
                root, at -> Oracle.run("stat", "-c", "%b", file.toString()).stdout().strip()));
    assertEquals((extents + ExtentTree.nodeCount(extents)) * 8, blocks);

    if (depth > 0) {
      long node =
          Long.parseLong(
              image
                  .debugfs("ex -n /file")
                  .lines()
                  .skip(1)
                  .findFirst()
                  .orElseThrow()
                  .strip()
                  .split("\\s+", -1)[7]);
      image.flip(Block.offset(node) + 4092);
      image.e2fsck().refused();
    }
  }

  @Test
  void aFileOfMoreThanFourGibibytesKeepsItsHoles() throws Exception {
    NavigableMap<Long, Content> parts = new TreeMap<>();
    parts.put(0L, Content.of("begin"));
    parts.put((1L << 32) - 3, Content.of("across"));
    parts.put(5 * (1L << 30) - 3, Content.of("end"));
    SparseContent content = new SparseContent(Size.gib(5), Sha256.of(new byte[0]), parts);
    FileSystemFile image = write(new TestTree().file("/file", content).freeze(), Size.mib(64));
    image.mounted(
        root,
        at -> {
          try (RandomAccessFile file = new RandomAccessFile(at.resolve("file").toFile(), "r")) {
            assertEquals(5L << 30, file.length());
            byte[] across = new byte[20];
            file.seek((1L << 32) - 10);
            file.readFully(across);
            assertEquals(
                "\0".repeat(7) + "across" + "\0".repeat(7),
                new String(across, StandardCharsets.US_ASCII));
            byte[] end = new byte[4];
            file.seek((5L << 30) - 4);
            file.readFully(end);
            assertEquals("\0end", new String(end, StandardCharsets.US_ASCII));
          }
          return Oracle.run("cmp", "-n", "4096", at.resolve("file").toString(), "/dev/zero")
              .refused();
        });
  }

  @Test
  void aDenseFileOfFiveGibibytesCrossesGroups() throws Exception {
    Path body = directory.resolve("body");
    try (RandomAccessFile file = new RandomAccessFile(body.toFile(), "rw")) {
      file.setLength(5L << 30);
      file.seek(4L << 30);
      file.write("middle".getBytes(StandardCharsets.US_ASCII));
    }
    Content content = new FileSlice(body, 0, Size.gib(5), Sha256.of(new byte[0]));
    FileTree tree = new TestTree().file("/file", content).freeze();
    FileSystemFile image = write(tree, Size.gib(6));
    // One byte more than four extents would hold, each 128 MiB long.
    assertTrue(image.debugfs("dump_extents /file").lines().count() > 40);
    String middle =
        image.mounted(
            root,
            at -> {
              try (RandomAccessFile file = new RandomAccessFile(at.resolve("file").toFile(), "r")) {
                byte[] bytes = new byte[6];
                file.seek(4L << 30);
                file.readFully(bytes);
                return new String(bytes, StandardCharsets.US_ASCII);
              }
            });
    assertEquals("middle", middle);
  }

  @Test
  void aHundredThousandNamesAreFoundByTheIndex() throws Exception {
    TestTree tree = new TestTree().directory("/many");
    Set<String> names =
        IntStream.range(0, 100_000)
            .mapToObj("an-entry-among-many-%06d"::formatted)
            .collect(Collectors.toCollection(HashSet::new));
    names.forEach(name -> tree.file("/many/" + name, ""));
    FileSystemFile image = write(tree.freeze(), Size.gib(2));
    assertTrue(image.debugfs("htree_dump /many").contains("Indirect levels: 1"));
    image.mounted(
        root,
        at -> {
          Path many = at.resolve("many");
          for (String name : names) {
            assertTrue(Files.exists(many.resolve(name), LinkOption.NOFOLLOW_LINKS), name);
          }
          assertTrue(!Files.exists(many.resolve("an-entry-among-many-100000")));
          try (Stream<Path> list = Files.list(many)) {
            assertEquals(
                names, list.map(p -> p.getFileName().toString()).collect(Collectors.toSet()));
          }
          // The kernel changes the index, and e2fsck still likes it.
          for (int i = 0; i < 2000; i++) {
            Files.createFile(many.resolve("one-more-" + i));
            Files.delete(many.resolve("an-entry-among-many-%06d".formatted(i)));
          }
          return at;
        });
    image.e2fsck().succeeded();
  }

  /** The second leaf's key says, by its lowest bit, that the hash began in the leaf before. */
  @Test
  void equalHashesMayLieInTwoLeaves() throws Exception {
    TestTree tree = new TestTree().directory("/many");
    List<String> names = TestTree.namesWithEqualHashesInTwoLeaves();
    names.forEach(name -> tree.file("/many/" + name, name));
    FileSystemFile image = write(tree.freeze(), Size.mib(64));
    String index = image.debugfs("htree_dump /many");
    assertTrue(
        Pattern.compile("Entry #1: Hash 0x[0-9a-f]*[13579bdf],").matcher(index).find(), index);
    assertKernelFinds(names, image);
  }

  @Test
  void namesWithBytesBeyondAsciiAreFoundByTheIndex() throws Exception {
    TestTree tree = new TestTree().directory("/many");
    List<String> names =
        IntStream.range(0, 500).mapToObj(i -> "ő" + "é€".repeat(i % 40) + i).toList();
    names.forEach(name -> tree.file("/many/" + name, name));
    FileSystemFile image = write(tree.freeze(), Size.mib(64));
    assertTrue(image.debugfs("htree_dump /many").contains("Indirect levels: 0"));
    assertKernelFinds(names, image);
  }

  /** Each file in /many holds its own name. */
  private void assertKernelFinds(List<String> names, FileSystemFile image) throws Exception {
    image.mounted(
        root,
        at -> {
          for (String name : names) {
            assertEquals(name, Files.readString(at.resolve("many").resolve(name)));
          }
          return at;
        });
  }

  @Test
  void manyLinksAndManySubdirectories() throws Exception {
    TestTree tree = new TestTree().directory("/links").directory("/some").directory("/many");
    tree.file("/links/0", "linked");
    for (int i = 1; i < Inventory.MAX_LINKS; i++) {
      tree.put("/links/" + i, new HardLink(TestTree.meta(0644), AbsolutePath.of("/links/0")));
    }
    for (int i = 0; i < Inventory.MAX_LINKS - 2; i++) {
      tree.put("/some/" + i, new Directory(TestTree.meta(0755)));
    }
    for (int i = 0; i < Inventory.MAX_LINKS - 1; i++) {
      tree.put("/many/" + i, new Directory(TestTree.meta(0755)));
    }
    FileSystemFile image = write(tree.freeze(), Size.gib(4));
    String[] links =
        image.mounted(
            root,
            at ->
                Oracle.run("stat", "-c", "%h", at + "/links/64999", at + "/some", at + "/many")
                    .succeeded()
                    .stdout()
                    .split("\n", -1));
    assertArrayEquals(new String[] {"65000", "65000", "1", ""}, links);
  }

  @Test
  void aFileEndsWithItsGroup() throws Exception {
    // The file's first block follows from a tree with a file of one block.
    FileSystemFile one = write(new TestTree().file("/file", "x").freeze(), Size.mib(512));
    long first = Long.parseLong(one.debugfs("bmap /file 0").strip());
    for (int more : new int[] {-1, 0, 1}) {
      Path body = directory.resolve("body");
      Size size = new Size(Block.offset(Geometry.BLOCKS_PER_GROUP - first + more));
      byte[] bytes = new byte[(int) size.bytes()];
      Arrays.fill(bytes, (byte) 'b');
      Files.write(body, bytes);
      Content content = new FileSlice(body, 0, size, Sha256.of(bytes));
      FileSystemFile image = write(new TestTree().file("/file", content).freeze(), Size.mib(512));
      // The next group begins with a copy of the superblock area.
      long last = more > 0 ? Geometry.BLOCKS_PER_GROUP + 16 : Geometry.BLOCKS_PER_GROUP - 1 + more;
      long block = size.blocks(Block.BYTES) - 1;
      assertEquals(last, Long.parseLong(image.debugfs("bmap /file " + block).strip()));
      assertEquals(content.sha256(), image.mounted(root, at -> Sha256.of(at.resolve("file"))));
    }
  }

  @Test
  void theTimesAreTheEntrys() throws Exception {
    TestTree tree = new TestTree();
    long[] times = {Inode.MIN_TIME, -1, 0, Integer.MAX_VALUE, 1L << 31, 1L << 32, Inode.MAX_TIME};
    for (long time : times) {
      tree.put("/t" + time, new RegularFile(TestTree.meta(0644).withMtime(time), Content.of("")));
    }
    FileSystemFile image = write(tree.freeze(), Size.mib(16));
    image.mounted(
        root,
        at -> {
          for (long time : times) {
            assertEquals(
                "%1$d %1$d %1$d %1$d".formatted(time),
                Oracle.run("stat", "-c", "%X %Y %Z %W", at + "/t" + time).stdout().strip());
          }
          return at;
        });
  }
}
