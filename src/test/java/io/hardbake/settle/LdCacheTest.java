package io.hardbake.settle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the loader's cache is made of; {@link LdCacheIT} compares the whole with ldconfig. */
class LdCacheTest {
  @ParameterizedTest
  @CsvSource({
    "libz.so.1, libz.so.1, 0",
    "libz.so.9, libz.so.10, -1",
    "libz.so.1, libz.so, 1",
    "liba.so.1, libb.so.1, -1",
    "lib1.so, liba.so, 1",
    "liba.so, lib1.so, -1",
    "libz.so.01, libz.so.1, 0",
    "libz.so.1.99999999999999999999, libz.so.2, -1"
  })
  void namesAreComparedAsTheLoaderDoes(String a, String b, int sign) {
    assertEquals(sign, Integer.signum(LdCacheEntry.compareNames(a, b)));
    assertEquals(-sign, Integer.signum(LdCacheEntry.compareNames(b, a)));
  }

  @Test
  void hardwareVariantsComeBeforeThePlainLibraryOfTheSameName() {
    LdCacheEntry plain = new LdCacheEntry("libz.so.1", "/lib/libz.so.1", 1, Optional.empty());
    LdCacheEntry v2 = new LdCacheEntry("libz.so.1", "/lib/v2/libz.so.1", 1, Optional.of("v2"));
    LdCacheEntry v3 = new LdCacheEntry("libz.so.1", "/lib/v3/libz.so.1", 1, Optional.of("v3"));
    LdCacheEntry other = new LdCacheEntry("liba.so.1", "/lib/liba.so.1", 1, Optional.empty());
    List<LdCacheEntry> entries = new ArrayList<>(List.of(other, plain, v3, v2));
    entries.sort(LdCacheEntry.ORDER);
    assertEquals(List.of(v2, v3, plain, other), entries);
  }

  @Test
  void endsOfStringsAreShared() {
    StringTable table = new StringTable(List.of("b.so", "/lib/b.so", "/lib/a.so", "b.so"));
    assertArrayEquals("/lib/b.so\0/lib/a.so\0".getBytes(StandardCharsets.UTF_8), table.toArray());
    assertEquals(5, table.offset("b.so"));
    assertThrows(IllegalArgumentException.class, () -> table.offset("c.so"));
  }

  @Test
  void theConfigurationIncludesByPatternAndInOrder() throws IOException {
    FileTree.Builder tree = tree();
    put(
        tree,
        "/etc/ld.so.conf",
        "# first\n /opt/a \ninclude ld.so.conf.d/*.conf\n/opt/z/ # z\n//opt/../y\n/\n");
    put(tree, "/etc/ld.so.conf.d/b.conf", "/opt/b=libc6\n");
    put(tree, "/etc/ld.so.conf.d/a.conf", "include /etc/more/[xy]?\n\nhwcap 0 nosegneg\n");
    put(tree, "/etc/ld.so.conf.d/.c.conf", "/opt/hidden\n");
    put(tree, "/etc/ld.so.conf.d/c.config", "/opt/other\n");
    put(tree, "/etc/more/x1", "/opt/x\n");
    put(tree, "/etc/more/z1", "/opt/never\n");
    put(tree, "/etc/more/x12", "/opt/never\n");
    assertEquals(
        List.of("/opt/a", "/opt/x", "/opt/b", "/opt/z", "//opt/../y", ""),
        LdSoConf.directories(tree));
  }

  @Test
  void aConfigurationThatIncludesItselfEnds() throws IOException {
    FileTree.Builder tree = tree();
    put(tree, "/etc/ld.so.conf", "/opt/a\ninclude /etc/../etc/ld.so.conf\ninclude /x\n");
    assertTrue(LdSoConf.directories(tree).contains("/opt/a"));
  }

  @Test
  void sonamesAreReadFromTheDynamicSection() throws IOException {
    SharedLibrary read = SharedLibrary.read(Content.of(ExampleFiles.library())).orElseThrow();
    assertEquals(new SharedLibrary(183, Optional.of("libx.so.1")), read);
    assertEquals(Optional.empty(), SharedLibrary.read(Content.of("INPUT(libx.so.1)")));
    byte[] executable = ExampleFiles.library();
    executable[16] = 2;
    assertEquals(Optional.empty(), SharedLibrary.read(Content.of(executable)));
  }

  @Test
  void damagedLibrariesAreNoLibraries() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      byte[] damaged = ExampleFiles.library();
      for (int i = 0; i < 3; i++) {
        damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt();
      }
      SharedLibrary.read(Content.of(damaged));
    }
  }

  private static FileTree.Builder tree() {
    return FileTree.builder(Meta.root(0755, 0, Provenance.ofRecipe("test")));
  }

  private static void put(FileTree.Builder tree, String path, String text) {
    tree.put(
        AbsolutePath.of(path),
        new RegularFile(Meta.root(0644, 0, Provenance.ofRecipe("test")), Content.of(text)));
  }
}
