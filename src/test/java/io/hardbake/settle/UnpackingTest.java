package io.hardbake.settle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.UnresolvableException;
import io.hardbake.image.Architecture;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is a directory to one package and something else to another. Packages are unpacked by name;
 * dpkg 1.21 was asked for the same in each order.
 */
class UnpackingTest {
  private static final String BOTH_ORDERS = "aa, bb";

  @ParameterizedTest
  @CsvSource({BOTH_ORDERS, "bb, aa"})
  void aFileInThePlaceOfADirectoryIsAnError(String file, String directory) {
    for (PackageBuilder other :
        List.of(
            PackageBuilder.named(directory).directory("/usr/x", 0755),
            PackageBuilder.named(directory).directory("/usr/x", 0755).file("/usr/x/y", "y"),
            PackageBuilder.named(directory).file("/usr/x/y", "y"))) {
      String refusal = refusal(PackageBuilder.named(file).file("/usr/x", "f"), other);
      assertTrue(refusal.contains("/usr/x is a directory to "), refusal);
      assertTrue(refusal.contains(file + " 1.0-1"), refusal);
    }
  }

  @ParameterizedTest
  @CsvSource({BOTH_ORDERS, "bb, aa"})
  void aDirectoryMayReplaceAFileOrALink(String other, String directory) throws Exception {
    for (PackageBuilder replaced :
        List.of(
            PackageBuilder.named(other).file("/usr/x", "f"),
            PackageBuilder.named(other).symlink("/usr/x", "target"))) {
      FileTree tree =
          tree(
              replaced,
              PackageBuilder.named(directory)
                  .field("Replaces", other)
                  .directory("/usr/x", 0750)
                  .file("/usr/x/y", "y"));

      assertEquals(0750, tree.get(at("/usr/x")).orElseThrow().meta().mode());
      assertEquals("y", text(tree, "/usr/x/y"));
      assertEquals("/.\n", text(tree, "/var/lib/dpkg/info/" + other + ".list"));
    }
  }

  /** dpkg loses the directory's files, or refuses the directory, as the order has it. */
  @ParameterizedTest
  @CsvSource({BOTH_ORDERS, "bb, aa"})
  void noFileReplacesADirectory(String file, String directory) {
    refusal(
        PackageBuilder.named(file).field("Replaces", directory).file("/usr/x", "f"),
        PackageBuilder.named(directory).directory("/usr/x", 0755).file("/usr/x/y", "y"));
  }

  @ParameterizedTest
  @CsvSource({"aa, bb, cc", "aa, cc, bb", "bb, cc, aa"})
  void aLinkToADirectoryStaysAndIsFollowed(String link, String directory, String target)
      throws Exception {
    FileTree tree =
        tree(
            PackageBuilder.named(link).symlink("/usr/x", "deep/xtarget"),
            PackageBuilder.named(directory).directory("/usr/x", 0755).file("/usr/x/y", "y"),
            PackageBuilder.named(target)
                .directory("/usr/deep", 0711)
                .directory("/usr/deep/xtarget", 0700));

    assertTrue(tree.get(at("/usr/x")).orElseThrow() instanceof Symlink);
    assertEquals("y", text(tree, "/usr/deep/xtarget/y"));
    assertEquals(0711, tree.get(at("/usr/deep")).orElseThrow().meta().mode());
    assertEquals(0700, tree.get(at("/usr/deep/xtarget")).orElseThrow().meta().mode());
  }

  /** To dpkg the directory is there already, so that nothing is left to replace. */
  @ParameterizedTest
  @CsvSource({"aa, bb, cc", "aa, cc, bb", "bb, cc, aa"})
  void noDirectoryReplacesALinkToOne(String link, String directory, String target)
      throws Exception {
    FileTree tree =
        tree(
            PackageBuilder.named(link).symlink("/usr/x", "deep/xtarget"),
            PackageBuilder.named(directory)
                .field("Replaces", link)
                .directory("/usr/x", 0755)
                .file("/usr/x/y", "y"),
            PackageBuilder.named(target)
                .directory("/usr/deep", 0711)
                .directory("/usr/deep/xtarget", 0700));

    assertTrue(tree.get(at("/usr/x")).orElseThrow() instanceof Symlink);
    assertEquals("y", text(tree, "/usr/deep/xtarget/y"));
    assertEquals("/.\n/usr/x\n", text(tree, "/var/lib/dpkg/info/" + link + ".list"));
  }

  @Test
  void aDirectoryThatCameFirstStaysThoughALinkToOneFollows() throws Exception {
    FileTree tree =
        tree(
            PackageBuilder.named("aa")
                .field("Replaces", "bb")
                .directory("/usr/x", 0755)
                .file("/usr/x/y", "y"),
            PackageBuilder.named("bb").symlink("/usr/x", "deep/xtarget"),
            PackageBuilder.named("cc")
                .directory("/usr/deep", 0711)
                .directory("/usr/deep/xtarget", 0700));

    assertTrue(tree.get(at("/usr/x")).orElseThrow() instanceof Directory);
    assertEquals("y", text(tree, "/usr/x/y"));
    assertEquals("/.\n/usr/x\n", text(tree, "/var/lib/dpkg/info/bb.list"));
  }

  @ParameterizedTest
  @CsvSource({"aa, bb, cc", "aa, cc, bb", "bb, cc, aa"})
  void theSameHoldsForFilesAlone(String link, String file, String target) throws Exception {
    FileTree tree =
        tree(
            PackageBuilder.named(link).symlink("/lib/x", "/lib/y").symlink("/lib/y", "z"),
            PackageBuilder.named(file).file("/lib/x/y", "y"),
            PackageBuilder.named(target).directory("/usr/lib/z", 0700));

    assertEquals("y", text(tree, "/usr/lib/z/y"));
  }

  @Test
  void aLinkThatLandsOnADirectoryLeavesIt() throws Exception {
    FileTree tree =
        tree(
            PackageBuilder.named("aa").directory("/etc/x", 0755).file("/etc/x/y", "y"),
            PackageBuilder.named("bb").symlink("/etc/x", "/tmp"));

    assertTrue(tree.get(at("/etc/x")).orElseThrow() instanceof Directory);
    assertEquals("y", text(tree, "/etc/x/y"));
    assertEquals("/.\n/etc/x\n", text(tree, "/var/lib/dpkg/info/bb.list"));
  }

  @Test
  void aDirectoryInThePlaceOfALinkThatLeadsNowhereIsAnError() {
    for (String target : List.of("nowhere", "x", "/usr/../../nowhere", "file")) {
      for (PackageBuilder other :
          List.of(
              PackageBuilder.named("bb").directory("/usr/x", 0755).file("/usr/x/y", "y"),
              PackageBuilder.named("bb").file("/usr/x/y", "y"))) {
        String refusal =
            refusal(
                PackageBuilder.named("aa").symlink("/usr/x", target).file("/usr/file", "f"), other);
        assertTrue(
            refusal.contains("/usr/x is a directory to bb 1.0-1, and something else to aa 1.0-1"),
            refusal);
      }
    }
  }

  private static String refusal(PackageBuilder... packages) {
    UnresolvableException e = assertThrows(UnresolvableException.class, () -> tree(packages));
    assertTrue(e.remedy().contains("leave"));
    return String.valueOf(e.getMessage());
  }

  private static FileTree tree(PackageBuilder... packages) throws Exception {
    return new Settler(Architecture.AMD64, 1_700_000_000L)
        .settle(Stream.of(packages).map(PackageBuilder::build).toList(), Set.of(), List.of())
        .tree();
  }

  private static String text(FileTree tree, String path) throws Exception {
    return tree.file(at(path)).orElseThrow().content().text();
  }

  private static AbsolutePath at(String path) {
    return AbsolutePath.of(path);
  }
}
