package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.image.Architecture;
import io.hardbake.settle.ExampleFiles;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are made of others, which a recipe adds to or takes from. */
class GeneratedFilesTest {
  private static final long TIME = 1_700_000_000L;
  private static final Meta FILE = Meta.root(0644, TIME, new Provenance("test"));
  private static final String BUNDLE = "/etc/ssl/certs/ca-certificates.crt";
  private static final String SHIPPED = "/usr/share/ca-certificates/mozilla/Other.crt";
  private static final String OWN = "/usr/local/share/ca-certificates/corp.crt";
  private static final String CACHE = "/etc/ld.so.cache";

  @TempDir private Path project;
  private final FileTree.Builder packages =
      FileTree.builder(Meta.root(0755, TIME, FILE.provenance()));

  @BeforeEach
  void settle() {
    file(
        "/var/lib/dpkg/info/ca-certificates.postinst",
        "cat > /etc/ca-certificates.conf <<EOF\n# Header.\nEOF\n");
    file(SHIPPED, ExampleFiles.CERTIFICATE + "\n");
    file("/etc/ca-certificates.conf", "# Header.\nmozilla/Other.crt\n");
    link("/etc/ssl/certs/Other.pem", SHIPPED);
    link("/etc/ssl/certs/0981711c.0", "Other.pem");
    link("/etc/ssl/certs/lost.pem", "/nowhere");
    file(BUNDLE, ExampleFiles.CERTIFICATE + "\n");
    file("/sbin/ldconfig", "\0ldconfig (Debian GLIBC 2.36-9) stable release version 2.36\0");
    file("/etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n/usr/local/lib\n");
    put("/opt/corp/lib/libx.so.1", Content.of(ExampleFiles.library()));
    file("/usr/local/lib/README", "no library");
    file(CACHE, "as settled");
  }

  @Test
  void aRecipesCertificateIsTrusted() throws Exception {
    FileTree tree =
        configured(
            """
            remove: [%s]
            files: [{path: %s, source: corp.crt}]
            """
                .formatted(SHIPPED, OWN));

    assertEquals(ExampleFiles.CERTIFICATE + "\n", text(tree, BUNDLE));
    assertEquals(OWN, target(tree, "/etc/ssl/certs/corp.pem"));
    assertEquals("corp.pem", target(tree, "/etc/ssl/certs/0981711c.0"));
  }

  @Test
  void aRemovedCertificateIsTrustedNoMore() throws Exception {
    for (String removed : List.of(SHIPPED, "/usr/share/ca-certificates")) {
      FileTree tree = configured("remove: [%s]".formatted(removed));

      assertEquals("", text(tree, BUNDLE));
      assertEquals("# Header.\n", text(tree, "/etc/ca-certificates.conf"));
      assertEquals(List.of(at(BUNDLE)), certificates(tree));
    }
  }

  @Test
  void aRecipesOwnSelectionOfCertificatesCounts() throws Exception {
    String conf = "#\n!mozilla/Other.crt\nmozilla/lost.crt\n../lost.crt\n";
    FileTree tree =
        configured(
            """
            files:
              - {path: /etc/ca-certificates.conf, source: selection}
              - {path: /etc/ssl/certs/own.pem, content: mine}
            """);

    assertEquals(conf, text(tree, "/etc/ca-certificates.conf"));
    assertEquals("", text(tree, BUNDLE));
    assertEquals(List.of(at(BUNDLE), at("/etc/ssl/certs/own.pem")), certificates(tree));
  }

  /** The shell's {@code read} takes blanks away. */
  @Test
  void aSelectionMayHaveBlanksAndNameAnyFile() throws Exception {
    file("/usr/share/ca-certificates/corp/root.pem", "pem");
    file("/usr/share/outside.crt", "outside");
    FileTree tree =
        configured(
            """
            files:
              - path: /etc/ca-certificates.conf
                content: "\\n \\tmozilla/Other.crt \\n/corp/./root.pem\\n../outside.crt\\ncorp\\n"
            """);

    assertEquals(ExampleFiles.CERTIFICATE + "\npem\n", text(tree, BUNDLE));
    assertEquals(SHIPPED, target(tree, "/etc/ssl/certs/Other.pem"));
    assertEquals(
        "/usr/share/ca-certificates/corp/root.pem", target(tree, "/etc/ssl/certs/root.pem.pem"));
  }

  @Test
  void aRecipesOwnBundleIsNotWrittenOver() throws Exception {
    FileTree tree =
        configured(
            "files: [{path: %s, source: corp.crt}, {path: %s, content: mine}]"
                .formatted(OWN, BUNDLE));

    assertEquals("mine", text(tree, BUNDLE));
    assertEquals(OWN, target(tree, "/etc/ssl/certs/corp.pem"));
  }

  @Test
  void whatIsLeftToDpkgOrTakenAwayIsNotMadeAnew() throws Exception {
    String recipe = "files: [{path: %s, source: corp.crt}]".formatted(OWN);
    assertTrue(configured("remove: [/etc/ssl]\n" + recipe).get(at("/etc/ssl")).isEmpty());
    packages.remove(at(BUNDLE));
    assertTrue(configured(recipe).get(at(BUNDLE)).isEmpty());
  }

  @Test
  void theLoaderKnowsOfARecipesDirectory() throws Exception {
    FileTree tree =
        configured("files: [{path: /etc/ld.so.conf.d/corp.conf, content: /opt/corp/lib}]");

    assertTrue(text(tree, CACHE).contains("/opt/corp/lib/libx.so.1"));
  }

  @Test
  void theLoaderKnowsOfARecipesLibrary() throws Exception {
    FileTree tree =
        configured("links: [{path: /usr/local/lib/libx.so.1, target: /opt/corp/lib/libx.so.1}]");

    assertTrue(text(tree, CACHE).contains("/usr/local/lib/libx.so.1"));
    packages.put(
        at("/usr/local/lib/libx.so.1"), tree.get(at("/opt/corp/lib/libx.so.1")).orElseThrow());
    assertFalse(
        text(configured("remove: [/usr/local/lib/libx.so.1]"), CACHE).contains("/usr/local"));
  }

  /** Whoever never installs on a machine may do without what dpkg knows, and without ldconfig. */
  @Test
  void bothAreMadeAnewWhereTheRecipeRemovesWhatTheyAreMadeWith() throws Exception {
    for (String removed : List.of("/var/lib/dpkg", "/var/lib/dpkg/info")) {
      FileTree tree =
          configured(
              """
              remove: [%s, %s, /sbin/ldconfig]
              files: [{path: %s, source: corp.crt}]
              links: [{path: /usr/local/lib/libx.so.1, target: /opt/corp/lib/libx.so.1}]
              """
                  .formatted(removed, SHIPPED, OWN));

      assertEquals("# Header.\n", text(tree, "/etc/ca-certificates.conf"));
      assertEquals(ExampleFiles.CERTIFICATE + "\n", text(tree, BUNDLE));
      assertEquals(
          List.of("0981711c.0", "ca-certificates.crt", "corp.pem"),
          certificates(tree).stream().map(AbsolutePath::name).toList());
      assertTrue(text(tree, CACHE).contains("/usr/local/lib/libx.so.1"));
      assertTrue(text(tree, CACHE).contains("ldconfig (Debian GLIBC 2.36-9) stable release"));
      assertTrue(tree.get(at(removed)).isEmpty());
      assertTrue(tree.get(at("/sbin/ldconfig")).isEmpty());
    }
  }

  @Test
  void otherFilesLeaveAllAsItIs() throws Exception {
    FileTree tree =
        configured(
            """
            files:
              - {path: /usr/local/lib/NOTES, content: no library}
              - {path: /etc/ssl/certs/own.pem, content: mine}
            """);

    assertEquals("as settled", text(tree, CACHE));
    assertEquals("/nowhere", target(tree, "/etc/ssl/certs/lost.pem"));
  }

  private FileTree configured(String recipe) throws Exception {
    Path sources = Files.createDirectories(project.resolve("templates"));
    Files.writeString(sources.resolve("corp.crt"), ExampleFiles.CERTIFICATE);
    Files.writeString(
        sources.resolve("selection"), "#\n!mozilla/Other.crt\nmozilla/lost.crt\n../lost.crt\n");
    return WebRole.configured(
        project, recipe, Architecture.ARM64, TIME, packages.freeze(), List.of());
  }

  private static List<AbsolutePath> certificates(FileTree tree) {
    return List.copyOf(tree.children(at("/etc/ssl/certs")).keySet());
  }

  private void file(String path, String text) {
    put(path, Content.of(text));
  }

  private void put(String path, Content content) {
    packages.put(at(path), new RegularFile(FILE, content));
  }

  private void link(String path, String target) {
    packages.put(at(path), new Symlink(FILE, target));
  }

  private static String text(FileTree tree, String path) throws Exception {
    return new String(
        tree.file(at(path)).orElseThrow().content().bytes(), StandardCharsets.ISO_8859_1);
  }

  private static String target(FileTree tree, String path) {
    Entry entry = tree.get(at(path)).orElseThrow();
    return ((Symlink) entry).target();
  }

  private static AbsolutePath at(String path) {
    return AbsolutePath.of(path);
  }
}
