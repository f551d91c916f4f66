package io.hardbake.disk.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.disk.Findings;
import io.hardbake.disk.MemoryBudget;
import io.hardbake.disk.OversizedDiskException;
import io.hardbake.disk.ReadableDisk;
import io.hardbake.disk.Segment;
import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeDisk;
import io.hardbake.image.Finding;
import io.hardbake.image.Manifest;
import io.hardbake.image.UnpackedTree;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What our writer wrote, read back, and what single wrong bits do to it. */
final class Ext4ReadingTest {
  private static Volume plan(FileTree tree, Size size) throws Exception {
    return Ext4.plan(tree, List.of(), TestTree.settings(size));
  }

  private static Ext4Reading read(ReadableDisk disk, Findings findings) throws IOException {
    return Ext4Reading.of(disk, findings, MemoryBudget.ofThisProcess(), bytes -> {});
  }

  private static void assertReadsBack(FileTree tree, Volume volume) throws Exception {
    Findings findings = new Findings();
    try (VolumeDisk disk = new VolumeDisk(volume)) {
      FileTree read = read(disk, findings).tree();
      assertEquals(List.of(), findings.list());
      assertEquals(
          UnpackedTree.comparable(Manifest.of(tree)), UnpackedTree.comparable(Manifest.of(read)));
      tree.entries()
          .forEach(
              (path, entry) ->
                  assertEquals(
                      entry.meta().mtime(),
                      read.get(path).orElseThrow().meta().mtime(),
                      path::value));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {8, 200, 10_240})
  void readsEveryKindOfEntry(long mebibytes) throws Exception {
    FileTree tree = TestTree.small();
    assertReadsBack(tree, plan(tree, Size.mib(mebibytes)));
  }

  @Test
  void readsAnEmptyFileSystemAndItsFacts() throws Exception {
    Volume volume = plan(new TestTree().freeze(), Size.mib(8));
    Ext4Reading read = read(new VolumeDisk(volume), new Findings());
    assertEquals(Set.of(AbsolutePath.ROOT), read.tree().entries().keySet());
    assertEquals("hardbake-root", read.facts().get("label"));
    assertEquals("8b1f4b2c-4f0e-4b1c-9c55-000102030405", read.facts().get("uuid"));
    assertEquals("2023-11-14T22:13:20Z", read.facts().get("time"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
  void readsWhatNobodyWouldThinkOf(int seed) throws Exception {
    RandomTree random = RandomTree.of(1000 + seed);
    Ext4Settings settings = TestTree.settings(Size.mib(8), 4096);
    Size size = Ext4.smallestSize(random.tree(), settings);
    assertReadsBack(
        random.tree(), Ext4.plan(random.tree(), random.layers(), settings.withSize(size)));
  }

  /** More leaves than one block of the index can point to: 511 of them hold some 16000 names. */
  @Test
  void readsAnIndexOfTwoLevels() throws Exception {
    TestTree tree = new TestTree().directory("/d");
    for (int i = 0; i < 7000; i++) {
      tree.symlink("/d/" + "n".repeat(240) + i, "t");
    }
    assertReadsBack(tree.freeze(), plan(tree.freeze(), Size.mib(200)));
  }

  @Test
  void readsEqualHashesInTwoLeaves() throws Exception {
    TestTree tree = new TestTree().directory("/d");
    TestTree.namesWithEqualHashesInTwoLeaves().forEach(name -> tree.file("/d/" + name, name));
    Volume volume = plan(tree.freeze(), Size.mib(8));
    assertReadsBack(tree.freeze(), volume);
    Flaws flaws = new Flaws(new Findings(), "test");
    FileSystem files = FileSystem.open(new VolumeDisk(volume), flaws);
    TreeWalk walk = new TreeWalk(files, new Budget(files.geometry()), flaws);
    walk.walk();
    ByteBuffer index = files.block(mapping(files, walk, "/d").physical(0));
    assertEquals(1, index.getInt(0x28) & 1, "the key of the second leaf");
  }

  @Test
  void readsAnExtentTreeOfThreeLevels() throws Exception {
    FileTree tree = sparse(340 * 4 + 1);
    assertReadsBack(tree, plan(tree, Size.mib(64)));
  }

  /** A file of so many extents. */
  private static FileTree sparse(int extents) throws Exception {
    NavigableMap<Long, Content> parts = new TreeMap<>();
    for (int i = 0; i < extents; i++) {
      parts.put(8192L * i, Content.of("part " + i));
    }
    Content content = RandomTree.withHoles(new Size(8192L * extents), parts);
    return new TestTree().file("/sparse", content).freeze();
  }

  @Test
  void opensABodyAgain() throws Exception {
    Volume volume = plan(TestTree.small(), Size.mib(8));
    FileTree tree = read(new VolumeDisk(volume), new Findings()).tree();
    RegularFile file = tree.file(AbsolutePath.of("/etc/old")).orElseThrow();
    assertEquals("x".repeat(4097), file.content().text());
    assertEquals(file.content().sha256(), Sha256.of(file.content().bytes()));
  }

  /** A place in a file system, and what has to be found once a bit there is wrong. */
  private record Wound(String name, long at, Set<String> where, Set<String> rules) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final Volume WOUNDED = wounded();

  private static Volume wounded() {
    try {
      FileTree.Builder tree = TestTree.small().toBuilder();
      sparse(400).entries().forEach(tree::putExact);
      for (int i = 0; i < 300; i++) {
        tree.put(
            AbsolutePath.of("/many/" + "n".repeat(100) + i),
            new RegularFile(TestTree.meta(0644), Content.of("" + i)));
      }
      return plan(tree.freeze(), Size.mib(200));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static final String SUM = "ext4-checksum";
  private static final String STRUCTURE = "ext4-structure";

  static Stream<Wound> wounds() throws Exception {
    Flaws flaws = new Flaws(new Findings(), "test");
    FileSystem files = FileSystem.open(new VolumeDisk(WOUNDED), flaws);
    TreeWalk walk = new TreeWalk(files, new Budget(files.geometry()), flaws);
    walk.walk();
    long copy = Block.offset(files.geometry().firstBlock(1));
    GroupDescriptor first = files.groups().get(0);
    List<Wound> wounds = new ArrayList<>();
    wounds.add(wound("superblock's sum", 1024 + 0x3fc, "superblock", SUM));
    wounds.add(wound("superblock's time of writing", 1024 + 0x30, "superblock", SUM));
    wounds.add(wound("superblock's free inodes", 1024 + 0x10, "superblock", SUM, STRUCTURE));
    wounds.add(wound("copy's sum", copy + 0x3fc, "superblock copy in group 1", SUM));
    wounds.add(wound("descriptor's sum", 4096 + 0x1e, "group descriptor 0", SUM));
    wounds.add(wound("free blocks", 4096 + 0x0d, "group descriptor 0,superblock", SUM, STRUCTURE));
    wounds.add(wound("copied descriptor", copy + 4096, "group descriptor 0, copy in group 1", SUM));
    wounds.add(
        wound(
            "block bitmap",
            Block.offset(first.blockBitmap()) + 4000,
            "block bitmap of group 0",
            SUM,
            STRUCTURE));
    wounds.add(
        wound(
            "inode bitmap",
            Block.offset(first.inodeBitmap()) + 200,
            "inode bitmap of group 0",
            SUM,
            STRUCTURE));
    wounds.add(
        wound("inode's sum", inode(files, walk, "/bin/ping") + 0x7c, "inode of /bin/ping", SUM));
    wounds.add(
        wound("inode's time", inode(files, walk, "/etc/4095") + 0x10, "inode of /etc/4095", SUM));
    wounds.add(
        wound("journal's inode", inode(files, Inode.JOURNAL) + 0x08, "inode of journal", SUM));
    wounds.add(wound("directory", block(files, walk, "/bin", 0) + 4092, "block 0 of /bin", SUM));
    wounds.add(
        wound("index root", block(files, walk, "/many", 0) + 4092, "index root of /many", SUM));
    wounds.add(
        wound("leaf of an index", block(files, walk, "/many", 3) + 4094, "block 3 of /many", SUM));
    long extents = extentBlock(files, walk, "/sparse");
    wounds.add(
        wound(
            "extent block",
            Block.offset(extents) + 4093,
            "extent block %d of /sparse".formatted(extents),
            SUM));
    long xattrs = Block.offset(inodeOf(files, walk, "/etc/many").xattrBlock());
    wounds.add(wound("attribute block's sum", xattrs + 0x10, "attribute block of /etc/many", SUM));
    wounds.add(
        wound(
            "attribute's value",
            xattrs + 4095 - 500,
            "attribute block of /etc/many,attribute user.long of /etc/many",
            SUM));
    return wounds.stream();
  }

  private static Wound wound(String name, long at, String where, String... rules) {
    return new Wound(name, at, Set.of(where.split(",(?! )")), Set.of(rules));
  }

  private static int number(TreeWalk walk, String path) {
    return Optional.ofNullable(walk.names().get(AbsolutePath.of(path))).orElseThrow();
  }

  private static long inode(FileSystem files, TreeWalk walk, String path) {
    return inode(files, number(walk, path));
  }

  private static long inode(FileSystem files, int number) {
    int perGroup = files.geometry().inodesPerGroup();
    long table = files.groups().get((number - 1) / perGroup).inodeTable();
    return Block.offset(table) + (long) ((number - 1) % perGroup) * Inode.BYTES;
  }

  private static long block(FileSystem files, TreeWalk walk, String path, long logical)
      throws Exception {
    return Block.offset(mapping(files, walk, path).physical(logical));
  }

  private static Mapping mapping(FileSystem files, TreeWalk walk, String path) throws Exception {
    // All is claimed already, so a second opening of the disk is needed.
    Flaws flaws = new Flaws(new Findings(), "test");
    FileSystem again = FileSystem.open(files.disk(), flaws);
    int number = number(walk, path);
    return Mapping.read(
        again, number, again.inode(number, flaws), new Budget(again.geometry()), flaws);
  }

  private static Inode inodeOf(FileSystem files, TreeWalk walk, String path) throws Exception {
    return files.inode(number(walk, path), new Flaws(new Findings(), "test"));
  }

  private static long extentBlock(FileSystem files, TreeWalk walk, String path) throws Exception {
    byte[] root = inodeOf(files, walk, path).block().toArray();
    return ExtentIndex.readAt(
            ByteBuffer.wrap(root).order(ByteOrder.LITTLE_ENDIAN), ExtentHeader.BYTES)
        .node();
  }

  @ParameterizedTest
  @MethodSource("wounds")
  void namesWhereABitIsWrong(Wound wound) throws Exception {
    for (int bit : new int[] {0, 5}) {
      VolumeDisk disk = new VolumeDisk(WOUNDED).flip(wound.at, bit);
      Findings findings = new Findings();
      read(disk, findings);
      Set<String> places = new TreeSet<>();
      Set<String> rules = new TreeSet<>();
      for (Finding finding : findings.list()) {
        places.add(finding.where());
        rules.add(finding.rule());
      }
      assertEquals(wound.where, places);
      assertEquals(wound.rules, rules);
    }
  }

  @Test
  void theWoundedFileSystemIsSoundWithoutItsWounds() throws Exception {
    Findings findings = new Findings();
    read(new VolumeDisk(WOUNDED), findings);
    assertEquals(List.of(), findings.list());
  }

  /** Two groups, two levels of extents and an index: more than a small disk has. */
  @Test
  void garbageIsToldOrRefusedAndNothingElse() {
    // Whole blocks are metadata, most of them with a sum; bodies end where they end.
    List<Segment> segments =
        WOUNDED.segments().stream().filter(s -> s.body().length() % Block.BYTES == 0).toList();
    int noticed = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      VolumeDisk disk = new VolumeDisk(WOUNDED);
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        Segment segment = segments.get(random.nextInt(segments.size()));
        long within = Math.min(segment.body().length(), random.nextBoolean() ? 300 : 4096);
        long at = segment.offset() + (long) (random.nextDouble() * within);
        disk.set(at, random.nextBoolean() ? random.nextInt(256) : 0xff * random.nextInt(2));
      }
      Findings findings = new Findings();
      try {
        read(disk, findings);
        noticed += findings.list().isEmpty() ? 0 : 1;
      } catch (IOException e) {
        noticed++;
      } catch (RuntimeException | Error e) {
        fail("seed " + seed, e);
      }
    }
    assertTrue(noticed > 50, "noticed: " + noticed);
  }

  /** It is sound, so nothing may be said of what did not fit. */
  @Test
  void moreFilesThanFitIntoMemoryAreNoDamage() throws Exception {
    Findings findings = new Findings();
    Flaws flaws = new Flaws(findings, "test");
    FileSystem files = FileSystem.open(new VolumeDisk(WOUNDED), flaws);
    Budget budget = new Budget(files.geometry(), new MemoryBudget(Size.kib(100)));
    assertThrows(
        OversizedDiskException.class, () -> Ext4Reading.of(files, budget, flaws, bytes -> {}));
    assertEquals(List.of(), findings.list());
  }

  /** The names of one directory are paid for while they are read, not when all of them are. */
  @Test
  void aDirectoryIsNotReadFurtherThanMemoryGoes() throws Exception {
    Flaws flaws = new Flaws(new Findings(), "test");
    FileSystem files = FileSystem.open(new VolumeDisk(WOUNDED), flaws);
    TreeWalk walk = new TreeWalk(files, new Budget(files.geometry()), flaws);
    walk.walk();
    int number = number(walk, "/many");
    FileSystem again = FileSystem.open(new VolumeDisk(WOUNDED), flaws);
    Budget budget = new Budget(again.geometry(), new MemoryBudget(Size.kib(100)));
    InodeReader.Opened opened = new InodeReader(again, budget).open(number, flaws);
    DirectoryReader reader = new DirectoryReader(again, budget);
    assertThrows(OversizedDiskException.class, () -> reader.read(opened, Inode.ROOT, flaws));
  }

  @Test
  void whatIsNoFileSystemIsRefused() {
    VolumeDisk nothing = new VolumeDisk(Volume.builder(Size.mib(8)).build());
    DamagedDiskException refusal =
        assertThrows(DamagedDiskException.class, () -> read(nothing, new Findings()));
    assertTrue(refusal.problem().contains("no ext4 file system"), refusal::problem);
    assertFalse(refusal.problem().isEmpty());
  }
}
