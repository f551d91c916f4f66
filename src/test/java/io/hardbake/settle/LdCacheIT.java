package io.hardbake.settle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.image.Architecture;
import io.hardbake.settle.RolePackages.Opened;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.DirectoryTree;
import io.hardbake.tree.Entry;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cache and the links beside the libraries against those that ldconfig itself makes. */
class LdCacheIT {
  private static final AbsolutePath CACHE = AbsolutePath.of("/etc/ld.so.cache");

  /** Libraries that every Debian machine has, with and without DT_NEEDED, links and all. */
  private static final List<String> LIBRARIES =
      List.of("libz.so.1", "liblzma.so.5", "libbz2.so.1.0", "libpthread.so.0", "libc.so.6");

  /** What Debian's own trees are made of, with all that these need. */
  private static final List<String> PACKAGES =
      List.of(
          "libc-bin",
          "libc6",
          "libssl3",
          "libicu72",
          "zlib1g",
          "libpam0g",
          "libstdc++6",
          "libbz2-dev");

  @TempDir Path root;
  private Path libraries;

  @BeforeEach
  void makeRoot() throws IOException {
    Oracle.require("ldconfig");
    Oracle.requireRoot();
    libraries = Path.of("usr/lib/x86_64-linux-gnu");
    Oracle.require(
        Files.isDirectory(Path.of("/").resolve(libraries)), "run this on Debian for amd64");
  }

  /** JUnit warns of each link that points out of the directory it removes. */
  @AfterEach
  void empty() {
    Oracle.run("find", root.toString(), "-mindepth", "1", "-delete").succeeded();
  }

  @Test
  void aTreeFullOfOdditiesIsByteForByteLdconfigs() throws IOException {
    makeOddities();
    FileTree.Builder ours = settle(root, Architecture.AMD64);
    Oracle.run("ldconfig", "-r", root.toString()).succeeded();
    assertEqualTrees(ours);
    assertTrue(ours.file(CACHE).orElseThrow().content().size().bytes() > 500);
  }

  /** Negative control: one library more, and the comparison fails. */
  @Test
  void anotherLibraryGivesAnotherCache() throws IOException {
    makeOddities();
    FileTree.Builder ours = settle(root, Architecture.AMD64);
    copy("libz.so.1", root.resolve("opt/y/libzz.so.1"));
    Oracle.run("ldconfig", "-r", root.toString()).succeeded();
    assertFalse(
        Arrays.equals(
            Files.readAllBytes(root.resolve("etc/ld.so.cache")),
            ours.file(CACHE).orElseThrow().content().bytes()));
    assertNotEquals(listing(DirectoryTree.read(root)), listing(ours));
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void debianTreesAreByteForByteLdconfigs(Architecture architecture) throws Exception {
    Oracle.require("mmdebstrap");
    Path tree = root.resolve("tree");
    // From the user's cache, which has most of them for the roles: a mirror is not asked again.
    Opened packages = RolePackages.open(architecture).resolve(PACKAGES);
    Path repository = root.resolve("repository");
    LocalRepository.write(repository, packages.resolution().packages(), packages.files());
    Oracle.run(
            "mmdebstrap",
            "--variant=extract",
            "--architectures=" + architecture,
            "--include=" + String.join(",", PACKAGES),
            "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr",
            "bookworm",
            tree.toString(),
            LocalRepository.source(repository.toString()))
        .succeeded();
    FileTree.Builder ours = settle(tree, architecture);
    String ldconfig = tree.resolve("sbin/ldconfig").toString();
    if (architecture == Architecture.AMD64) {
      Oracle.run(ldconfig, "-r", tree.toString()).succeeded();
    } else {
      Oracle.require("qemu-aarch64-static");
      Oracle.run("qemu-aarch64-static", ldconfig, "-r", tree.toString()).succeeded();
    }
    assertArrayEquals(
        Files.readAllBytes(tree.resolve("etc/ld.so.cache")),
        ours.file(CACHE).orElseThrow().content().bytes());
    assertEquals(listing(DirectoryTree.read(tree)), listing(ours));
  }

  private void makeOddities() throws IOException {
    for (String directory :
        List.of("sbin", "etc/ld.so.conf.d", "usr/local/lib", "opt/x/lib", "opt/y")) {
      Files.createDirectories(root.resolve(directory));
    }
    Path lib = Files.createDirectories(root.resolve(libraries));
    Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
    Files.copy(Path.of("/sbin/ldconfig"), root.resolve("sbin/ldconfig"));
    for (String library : LIBRARIES) {
      copy(library, lib.resolve(library + ".77"));
    }
    // Hardware variants, two names for one of them.
    copy("libz.so.1", lib.resolve("glibc-hwcaps/x86-64-v3/libz.so.1.2.13"));
    copy("libz.so.1", lib.resolve("glibc-hwcaps/x86-64-v3/libz.so.1.1.9"));
    copy("libz.so.1", lib.resolve("glibc-hwcaps/x86-64-v2/libz.so.1"));
    copy("liblzma.so.5", root.resolve("opt/y/glibc-hwcaps/x86-64-v4/liblzma.so.5"));
    // The higher version wins, whatever the link says.
    copy("libz.so.1", root.resolve("usr/local/lib/libz.so.1.9.0"));
    copy("libz.so.1", root.resolve("usr/local/lib/libz.so.1.10.0"));
    Files.createSymbolicLink(root.resolve("usr/local/lib/libz.so.1"), Path.of("libz.so.1.9.0"));
    Files.createSymbolicLink(root.resolve("usr/local/lib/libz.so"), Path.of("libz.so.1.9.0"));
    // Links that lead nowhere, to no library, or have nothing to do with the soname.
    Files.createSymbolicLink(lib.resolve("libstale.so.1"), Path.of("nowhere"));
    Files.createSymbolicLink(lib.resolve("libstale.so"), Path.of("nowhere"));
    Files.createSymbolicLink(lib.resolve("libother.so"), Path.of("liblzma.so.5.77"));
    Files.createSymbolicLink(lib.resolve("liblzma.so"), Path.of("liblzma.so.5.77"));
    Files.createSymbolicLink(lib.resolve("libdirectory.so"), Path.of("/opt"));
    Files.writeString(lib.resolve("libtext.so"), "INPUT(libz.so.1)\n");
    Files.writeString(lib.resolve("libtorn.so"), "\u007fELF");
    copy("libz.so.1", root.resolve("opt/x/lib/libplugin.so"));
    copy("libz.so.1", root.resolve("opt/x/lib/plugin.so"));
    copy("libc.so.6", root.resolve("opt/y/libc.so.6"));
    Path conf = root.resolve("etc/ld.so.conf.d");
    Files.writeString(root.resolve("etc/ld.so.conf"), "include /etc/ld.so.conf.d/*.conf\n/opt/y\n");
    Files.writeString(conf.resolve("a.conf"), "/usr/local/lib\n/lib/x86_64-linux-gnu\n");
    Files.writeString(conf.resolve("b.conf"), "# b\n/opt/x/lib/ # x\n/opt/missing\n/usr/lib\n");
    Files.writeString(conf.resolve(".hidden.conf"), "/opt\n");
  }

  private static void copy(String library, Path to) throws IOException {
    Files.createDirectories(to.resolve("..").normalize());
    Files.copy(Path.of("/usr/lib/x86_64-linux-gnu", library).toRealPath(), to);
  }

  private static FileTree.Builder settle(Path root, Architecture architecture) throws IOException {
    FileTree.Builder tree = DirectoryTree.read(root);
    LdCache.write(
        new TreeEditor(tree, 0, Provenance.ofSettle("ldconfig")), architecture, new BodyFacts());
    return tree;
  }

  private void assertEqualTrees(FileTree.Builder ours) throws IOException {
    assertEquals(listing(DirectoryTree.read(root)), listing(ours));
    assertArrayEquals(
        Files.readAllBytes(root.resolve("etc/ld.so.cache")),
        ours.file(CACHE).orElseThrow().content().bytes());
  }

  /** Paths with what they are; ldconfig's own notes are nothing to ship. */
  private static NavigableMap<String, String> listing(FileTree.Builder tree) {
    NavigableMap<String, String> listing = new TreeMap<>();
    tree.entries()
        .forEach(
            (path, entry) ->
                listing.put(
                    path.value(),
                    entry instanceof Entry.Symlink link
                        ? "link to " + link.target()
                        : entry.getClass().getSimpleName()));
    Stream.of("/var", "/var/cache", "/var/cache/ldconfig", "/var/cache/ldconfig/aux-cache")
        .forEach(listing::remove);
    return listing;
  }
}
