package io.hardbake.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileTreeTest {
  private static final Provenance TEST = new Provenance("test");
  private static final Meta DIRECTORY = Meta.root(0755, 7, TEST);
  private static final Meta FILE = Meta.root(0644, 7, TEST);
  private static final Meta LINK = Meta.root(0777, 7, TEST);

  private static AbsolutePath path(String value) {
    return AbsolutePath.of(value);
  }

  private static RegularFile file(String text) {
    return new RegularFile(FILE, Content.of(text));
  }

  private static FileTree.Builder usrMerged() {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    builder.put(path("/usr/bin"), new Directory(DIRECTORY));
    builder.put(path("/bin"), new Symlink(LINK, "usr/bin"));
    return builder;
  }

  @Test
  void putFollowsADirectoryLinkInTheParent() {
    FileTree.Builder builder = usrMerged();
    assertEquals(path("/usr/bin/sh"), builder.put(path("/bin/sh"), file("#!")));
    assertEquals(Optional.empty(), builder.get(path("/bin/sh")));
    assertEquals(Optional.of(path("/usr/bin/sh")), builder.freeze().resolve(path("/bin/sh")));
  }

  @Test
  void putKeepsALinkWhereADirectoryLandsOnIt() {
    FileTree.Builder builder = usrMerged();
    assertEquals(path("/usr/bin"), builder.put(path("/bin"), new Directory(DIRECTORY)));
    assertInstanceOf(Symlink.class, builder.get(path("/bin")).orElseThrow());
  }

  @Test
  void putRefusesAParentThatIsAFile() {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    builder.put(path("/a"), file("x"));
    assertThrows(IllegalStateException.class, () -> builder.put(path("/a/b"), file("y")));
  }

  @Test
  void putRefusesAParentThatIsADanglingLink() {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    builder.put(path("/a"), new Symlink(LINK, "nowhere"));
    assertThrows(IllegalStateException.class, () -> builder.put(path("/a/b"), file("y")));
  }

  @Test
  void resolveGivesUpOnALoop() {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    builder.put(path("/a"), new Symlink(LINK, "b"));
    builder.put(path("/b"), new Symlink(LINK, "/a"));
    assertEquals(Optional.empty(), builder.freeze().resolve(path("/a")));
  }

  @Test
  void resolveNeverLeavesTheRoot() {
    FileTree.Builder builder = usrMerged();
    builder.put(path("/usr/up"), new Symlink(LINK, "../../../../usr/bin"));
    assertEquals(Optional.of(path("/usr/bin")), builder.freeze().resolve(path("/usr/up")));
  }

  @Test
  void theFirstNameOfAHardLinkGroupIsTheFile() {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    builder.put(path("/z"), file("body"));
    builder.put(path("/a"), new HardLink(FILE, path("/z")));
    builder.put(path("/m"), new HardLink(FILE, path("/z")));
    FileTree tree = builder.freeze();
    assertInstanceOf(RegularFile.class, tree.get(path("/a")).orElseThrow());
    assertEquals(
        path("/a"), assertInstanceOf(HardLink.class, tree.get(path("/z")).orElseThrow()).target());
    assertEquals(
        path("/a"), assertInstanceOf(HardLink.class, tree.get(path("/m")).orElseThrow()).target());
  }

  @Test
  void aFileThatGivesWayLivesOnUnderItsOtherNames() throws Exception {
    FileTree tree = threeNames();
    List<Consumer<FileTree.Builder>> changes =
        List.of(
            builder -> builder.remove(path("/d/a")),
            builder -> builder.remove(path("/d")),
            builder -> builder.put(path("/d/a"), file("other")),
            builder -> builder.put(path("/d/a"), new Symlink(LINK, "b")),
            builder -> builder.put(path("/d"), file("other")));
    for (Consumer<FileTree.Builder> change : changes) {
      FileTree.Builder builder = tree.toBuilder();
      change.accept(builder);
      FileTree changed = builder.freeze();
      assertEquals("body", changed.file(path("/y")).orElseThrow().content().text());
      assertEquals(
          path("/y"),
          assertInstanceOf(HardLink.class, changed.get(path("/z")).orElseThrow()).target());
      assertEquals(describe(changed), describe(tree.with(changed.minus(tree, "change"))));
    }
  }

  @Test
  void oneNameOfAFileMayGoAfterTheOther() throws Exception {
    FileTree.Builder builder = threeNames().toBuilder();
    builder.put(path("/x"), new HardLink(FILE, path("/d/a")));
    builder.remove(path("/d/a"));
    builder.put(path("/x"), file("other"));
    builder.remove(path("/y"));
    FileTree tree = builder.freeze();
    assertEquals("other", tree.file(path("/x")).orElseThrow().content().text());
    RegularFile last = assertInstanceOf(RegularFile.class, tree.get(path("/z")).orElseThrow());
    assertEquals("body", last.content().text());
  }

  private static FileTree threeNames() {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    builder.put(path("/d/a"), file("body"));
    builder.put(path("/y"), new HardLink(FILE, path("/d/a")));
    builder.put(path("/z"), new HardLink(FILE, path("/d/a")));
    return builder.freeze();
  }

  @Test
  void freezeRefusesAHardLinkToNothing() {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    builder.put(path("/a"), new HardLink(FILE, path("/gone")));
    assertThrows(IllegalStateException.class, builder::freeze);
  }

  @Test
  void freezeRefusesWhatHasNoDirectoryAboveIt() {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    builder.putExact(path("/a/b"), file("x"));
    assertThrows(IllegalStateException.class, builder::freeze);
    builder.putExact(path("/a"), file("y"));
    assertThrows(IllegalStateException.class, builder::freeze);
    builder.putExact(path("/a"), new Directory(DIRECTORY));
    assertEquals(Optional.of(path("/a/b")), builder.freeze().resolve(path("/a/b")));
  }

  @Test
  void aFrozenTreeStaysAsItWas() {
    FileTree.Builder first = FileTree.builder(DIRECTORY);
    first.put(path("/d/z"), file("1"));
    FileTree tree = first.freeze();
    FileTree.Builder second = tree.toBuilder();
    String before = describe(tree);
    first.put(path("/d/z"), file("2"));
    second.remove(path("/d"));
    FileTree.Builder third = tree.toBuilder();
    third.put(path("/d/a"), new HardLink(FILE, path("/d/z")));
    assertEquals(before, describe(tree));
    assertEquals(before, describe(tree.toBuilder().freeze()));
    assertEquals(List.of(AbsolutePath.ROOT), List.copyOf(second.freeze().entries().keySet()));
    assertInstanceOf(HardLink.class, third.freeze().get(path("/d/z")).orElseThrow());
    assertEquals(before, describe(tree));
    assertTrue(first.freeze().get(path("/d/z")).isPresent());
  }

  @Test
  void aLayerBringsTheParentsOfWhatItChanges() {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    builder.put(path("/var/lib/a"), file("1"));
    builder.put(path("/var/lib/b"), file("1"));
    FileTree lower = builder.freeze();
    builder.put(path("/var/lib/b"), file("2"));
    Layer layer = builder.freeze().minus(lower, "change");
    assertEquals(
        Stream.of("/", "/var", "/var/lib", "/var/lib/b").map(AbsolutePath::of).toList(),
        List.copyOf(layer.entries().keySet()));
  }

  @Test
  void aLayerKeepsAllNamesOfAChangedFileTogether() {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    builder.put(path("/a"), file("1"));
    builder.put(path("/b"), new HardLink(FILE, path("/a")));
    FileTree lower = builder.freeze();
    builder.putExact(path("/a"), file("2"));
    Layer layer = builder.freeze().minus(lower, "change");
    assertTrue(layer.entries().containsKey(path("/b")));
  }

  @Test
  void aRemovedDirectoryIsRemovedOnce() {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    builder.put(path("/a/b/c"), file("1"));
    FileTree lower = builder.freeze();
    builder.remove(path("/a/b"));
    Layer layer = builder.freeze().minus(lower, "change");
    assertEquals(List.of(path("/a/b")), List.copyOf(layer.removals()));
  }

  @Test
  void anUnchangedTreeGivesAnEmptyLayer() {
    FileTree tree = usrMerged().freeze();
    assertTrue(tree.minus(tree, "nothing").isEmpty());
  }

  /** Whatever two trees look like, their difference makes the one out of the other. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void minusAndWithAreInverse(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 250; round++) {
      FileTree lower = randomTree(random);
      FileTree upper = randomTree(random);
      FileTree again = lower.with(upper.minus(lower, "difference"));
      assertEquals(describe(upper), describe(again));
    }
  }

  private static FileTree randomTree(Random random) {
    FileTree.Builder builder = FileTree.builder(DIRECTORY);
    String[] names = {"a", "b", "c", "a-b"};
    List<AbsolutePath> files = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      AbsolutePath at = AbsolutePath.ROOT;
      for (int depth = random.nextInt(3); depth >= 0; depth--) {
        at = at.child(names[random.nextInt(names.length)]);
      }
      if (builder.get(at).isPresent() || parentIsNoDirectory(builder, at)) {
        continue;
      }
      switch (random.nextInt(5)) {
        case 0 -> builder.put(at, new Directory(DIRECTORY.withMode(random.nextInt(2) + 0754)));
        case 1 -> builder.put(at, new Symlink(LINK, "t" + random.nextInt(2)));
        case 2 -> {
          if (!files.isEmpty()) {
            builder.put(at, new HardLink(FILE, files.get(random.nextInt(files.size()))));
          }
        }
        default -> {
          builder.put(at, file("body " + random.nextInt(3)));
          files.add(at);
        }
      }
    }
    return builder.freeze();
  }

  private static boolean parentIsNoDirectory(FileTree.Builder builder, AbsolutePath path) {
    for (AbsolutePath p = path.parent(); !p.isRoot(); p = p.parent()) {
      Optional<Entry> entry = builder.get(p);
      if (entry.isPresent() && !(entry.get() instanceof Directory)) {
        return true;
      }
    }
    return false;
  }

  private static String describe(FileTree tree) {
    StringBuilder text = new StringBuilder();
    tree.entries()
        .forEach(
            (path, entry) -> {
              text.append(path).append(' ').append(entry.getClass().getSimpleName()).append(' ');
              if (entry instanceof RegularFile file) {
                text.append(file.content().sha256());
              } else if (entry instanceof Symlink link) {
                text.append(link.target());
              } else if (entry instanceof HardLink link) {
                text.append(link.target());
              } else {
                text.append(entry.meta().mode());
              }
              text.append('\n');
            });
    return text.toString();
  }
}
