package io.hardbake.disk.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.disk.Segment;
import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeReader;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.RecipeException;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import io.hardbake.tree.SparseContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Ext4Test {
  private static final Ext4Settings SETTINGS = TestTree.settings(Size.mib(64));

  private static Volume plan(FileTree tree) throws Exception {
    return Ext4.plan(tree, List.of(), SETTINGS);
  }

  private static Sha256 digest(Volume volume) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    byte[] chunk = new byte[1 << 16];
    try (VolumeReader reader = volume.reader()) {
      for (long at = 0; at < volume.size().bytes(); at += chunk.length) {
        reader.read(at, ByteBuffer.wrap(chunk));
        digest.update(chunk);
      }
    }
    return Sha256.of(digest);
  }

  @Test
  void equalInputGivesEqualBytes() throws Exception {
    Sha256 first = digest(plan(TestTree.small()));
    assertEquals(first, digest(plan(TestTree.small())));
    FileTree other = new TestTree().file("/one", "more").freeze();
    assertNotEquals(first, digest(plan(other)));
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 1024, 16 * 1024 - 1})
  void costsWhatIsUsedOfIt(long gibibytes) throws Exception {
    Volume volume = Ext4.plan(TestTree.small(), List.of(), TestTree.settings(Size.gib(gibibytes)));
    // Descriptors and their copies, a bitmap for each sixteen groups, and what the resize inode
    // points with: a few hundredths of a thousandth.
    assertTrue(volume.used().bytes() < (1 << 20) + (gibibytes << 14), volume.used()::toString);
  }

  @Test
  void filesOfALayerLieTheSameWhateverComesOnTop() throws Exception {
    FileTree nothing = new TestTree().freeze();
    TestTree below = new TestTree().directory("/etc");
    for (int i = 0; i < 40; i++) {
      below.file("/etc/" + i, "below %d ".formatted(i).repeat(700 * i));
    }
    FileTree base = below.freeze();
    FileTree replaced =
        TestTree.with(base, "/etc/7", new RegularFile(TestTree.meta(0600), Content.of("mine")));
    FileTree more =
        TestTree.with(
            base, "/etc/a", new RegularFile(TestTree.meta(0644), Content.of("a".repeat(90_000))));
    List<Layer> layers = List.of(base.minus(nothing, "base"));
    Volume alone = Ext4.plan(base, layers, SETTINGS);
    for (FileTree tree : List.of(replaced, more)) {
      List<Layer> two = List.of(layers.get(0), tree.minus(base, "top"));
      Volume both = Ext4.plan(tree, two, SETTINGS);
      Set<String> kept = new TreeSet<>(segments(alone));
      kept.retainAll(segments(both));
      // All bodies but the one that was replaced; superblock, bitmaps and directories differ.
      assertTrue(kept.size() >= 38, kept::toString);
    }
  }

  /** Where each segment is, and what it holds. */
  private static Set<String> segments(Volume volume) throws IOException {
    Set<String> segments = new TreeSet<>();
    try (VolumeReader reader = volume.reader()) {
      for (Segment segment : volume.segments()) {
        byte[] bytes = new byte[Math.toIntExact(segment.body().length())];
        reader.read(segment.offset(), ByteBuffer.wrap(bytes));
        segments.add(segment.offset() + " " + Sha256.of(bytes));
      }
    }
    return segments;
  }

  @Test
  void theSmallestSizeIsTheSmallest() throws Exception {
    TestTree tree = new TestTree();
    for (int i = 0; i < 100; i++) {
      tree.file("/" + i, "x".repeat(3000 * i));
    }
    Size smallest = Ext4.smallestSize(tree.freeze(), SETTINGS);
    Ext4.plan(tree.freeze(), List.of(), SETTINGS.withSize(smallest));
    RecipeException refusal =
        assertThrows(
            RecipeException.class,
            () ->
                Ext4.plan(
                    tree.freeze(), List.of(), SETTINGS.withSize(smallest.minus(Size.mib(1)))));
    String problem = String.valueOf(refusal.getMessage());
    assertTrue(
        problem.matches("/\\S* needs .* KiB, but the file system of .* has .* left"), problem);
    assertEquals(
        "make the disk larger: the files need a file system of at least %d MiB"
            .formatted(smallest.bytes() >> 20),
        refusal.remedy());
  }

  @Test
  void inodesRunOut() {
    TestTree tree = new TestTree();
    for (int i = 0; i < 4096 - 10; i++) {
      tree.file("/" + i, "");
    }
    RecipeException refusal = assertThrows(RecipeException.class, () -> plan(tree.freeze()));
    assertEquals(
        "the files need 4097 inodes, but the file system has only 4096", refusal.getMessage());
    assertEquals("make the disk larger: its inodes become more with it", refusal.remedy());
  }

  private static void assertRefused(String problem, TestTree tree) {
    BakeException refusal =
        assertThrows(IntegrityException.class, () -> plan(tree.freeze()), problem);
    assertEquals(problem, refusal.getMessage());
    assertTrue(refusal.remedy().startsWith("remove "), refusal.remedy());
  }

  @Test
  void refusesWhatExt4CannotHold() throws Exception {
    String name = "/" + "n".repeat(256);
    assertRefused(
        name + " cannot be put into a file system: it has a name of 256 bytes; ext4 allows 255",
        new TestTree().file(name, ""));
    String wide = "/" + "€".repeat(85) + "x";
    assertRefused(
        wide + " cannot be put into a file system: it has a name of 256 bytes; ext4 allows 255",
        new TestTree().file(wide, ""));
    assertRefused(
        "/l cannot be put into a file system: it has a target of 4096 bytes; Linux follows 4095",
        new TestTree().symlink("/l", "t".repeat(4096)));
    assertRefused(
        "/f cannot be put into a file system: it has 16.0 TiB; ext4 allows 16.0 TiB",
        new TestTree()
            .file(
                "/f",
                new SparseContent(Size.gib(16 * 1024), Sha256.of(new byte[0]), new TreeMap<>())));
    assertRefused(
        "/t cannot be put into a file system: it was modified 15032385536 seconds after 1970;"
            + " ext4 ends in 2446",
        new TestTree()
            .put(
                "/t",
                new RegularFile(
                    TestTree.meta(0644).withMtime(Inode.MAX_TIME + 1), Content.of(""))));
    assertRefused(
        "/lost+found is not a directory, as e2fsck needs it",
        new TestTree().file("/lost+found", ""));
  }

  @Test
  void refusesTooManyLinks() {
    TestTree tree = new TestTree().file("/0", "");
    for (int i = 1; i <= Inventory.MAX_LINKS; i++) {
      tree.put("/" + i, new HardLink(TestTree.meta(0644), AbsolutePath.of("/0")));
    }
    assertRefused(
        "/0 cannot be put into a file system: it has 65001 names; ext4 allows 65000", tree);
  }

  private static TestTree withXattr(String name, Bytes value) {
    return new TestTree()
        .put("/x", new RegularFile(TestTree.meta(0644).withXattr(name, value), Content.of("")));
  }

  @ParameterizedTest
  @CsvSource({
    "system.other, 00",
    "other, 00",
    "user., 00",
    "system.posix_acl_access, 00",
    "system.posix_acl_access, 01000000",
    "system.posix_acl_access, 0200000001000600",
    "system.posix_acl_default, 020000000300060000000000"
  })
  void refusesAttributesOfNoKind(String name, String value) {
    assertRefused(
        "/x has an extended attribute that ext4 cannot hold: " + name,
        withXattr(name, Bytes.ofHex(value)));
  }

  @Test
  void attributesFitOneBlock() throws Exception {
    // 32 bytes of header, 16 and 4 of the entry, and 4 that end the list.
    int most = 4096 - 32 - 20 - 4;
    plan(withXattr("user.long", Bytes.of(new byte[most])).freeze());
    assertRefused(
        "the extended attributes of /x need 4 bytes more than ext4 has for them",
        withXattr("user.long", Bytes.of(new byte[most + 1])));
  }

  @Test
  void anEmptyTreeIsAFileSystemToo() throws Exception {
    Ext4.plan(new TestTree().freeze(), List.of(), SETTINGS.withSize(Size.mib(8)));
    assertEquals(Size.mib(8), Ext4.smallestSize(new TestTree().freeze(), SETTINGS));
  }
}
