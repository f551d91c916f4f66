package io.hardbake.hygiene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.failure.RecipeException;
import io.hardbake.image.Finding;
import io.hardbake.image.Manifest;
import io.hardbake.io.Bytes;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The line that a finding names is one that a list may have, and it allows what was found. */
final class AllowedLinesTest {
  private static final Bytes CAPABILITY = Bytes.ofHex("0100000200200000000000000000000000000000");

  private static Meta meta(String packageName, int mode) {
    return Meta.root(mode, 0, Provenance.ofPackage(packageName, "1.0"));
  }

  private static void file(FileTree.Builder tree, String path, Meta meta, String content) {
    tree.put(AbsolutePath.of(path), new RegularFile(meta, Content.of(content)));
  }

  private static Subject subject(FileTree tree, boolean box) {
    SortedMap<String, Subject.Installed> packages = new TreeMap<>();
    packages.put("tool", new Subject.Installed("1.0", true));
    packages.put("waiting", new Subject.Installed("1.0", false));
    packages.put("util-linux", new Subject.Installed("1.0", false));
    packages.put("iputils-ping", new Subject.Installed("1.0", false));
    return new Subject(tree, List.of(), packages, box, Optional.of(Manifest.of(tree)));
  }

  private static List<Finding> check(FileTree tree, Allowed allowed) throws Exception {
    return Hygiene.check(subject(tree, true), allowed, 1);
  }

  /** What is found without a list; with the lines that this names, nothing is. */
  private static List<String> assertLinesAllow(FileTree tree) throws Exception {
    List<Finding> findings = check(tree, Allowed.ofRoles());
    String lines =
        findings.stream()
            .map(finding -> finding.remedy().replaceFirst("^.*with the line: ", "") + "\n")
            .collect(Collectors.joining());
    assertEquals(List.of(), check(tree, Allowed.ofRoles().and("mine.txt", lines)), lines);
    return findings.stream().map(finding -> finding.rule() + " " + finding.where()).toList();
  }

  private static FileTree.Builder tree() {
    return FileTree.builder(meta("tool", 0755));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tool", "waiting"})
  void rightsOfPackagesAreAllowedByTheirLines(String packageName) throws Exception {
    FileTree.Builder tree = tree();
    file(tree, "/opt/setuid", meta(packageName, 04755), "a");
    file(tree, "/opt/both", meta(packageName, 06757), "b");
    tree.put(AbsolutePath.of("/opt/writable"), new Directory(meta(packageName, 01777)));
    file(
        tree,
        "/opt/capability",
        meta(packageName, 0755).withXattr("security.capability", CAPABILITY),
        "c");
    assertEquals(
        List.of(
            "H15 /opt/both",
            "H15 /opt/setuid",
            "H16 /opt/capability",
            "H17 /opt/both",
            "H17 /opt/writable"),
        assertLinesAllow(tree.freeze()));
  }

  /** A manifest that names a package which dpkg does not know is another finding. */
  @Test
  void aLineIsForNoPackageThatIsNotThere() throws Exception {
    FileTree.Builder tree = tree();
    file(tree, "/opt/setuid", meta("tool", 04755), "a");
    FileTree frozen = tree.freeze();
    Subject unknown =
        new Subject(frozen, List.of(), new TreeMap<>(), false, Optional.of(Manifest.of(frozen)));
    Finding finding =
        Hygiene.check(unknown, Allowed.ofRoles(), 1).stream()
            .filter(each -> each.rule().equals("H15"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        "setuid /opt/setuid 4755 root:root -",
        finding.remedy().replaceFirst("^.*with the line: ", ""));
  }

  /** Both packages of our own list are only unpacked here. */
  @Test
  void anUnpackedPackageMayHaveItsRightsAndNeedNot() throws Exception {
    FileTree.Builder with = tree();
    file(with, "/usr/bin/su", meta("util-linux", 04755), "a");
    file(
        with,
        "/usr/bin/ping",
        meta("iputils-ping", 0755).withXattr("security.capability", CAPABILITY),
        "b");
    assertEquals(List.of(), check(with.freeze(), Allowed.ofRoles()));
    FileTree.Builder without = tree();
    file(without, "/usr/bin/su", meta("util-linux", 0755), "a");
    file(without, "/usr/bin/ping", meta("iputils-ping", 0755), "b");
    assertEquals(List.of(), check(without.freeze(), Allowed.ofRoles()));
    FileTree.Builder other = tree();
    file(other, "/usr/bin/su", meta("util-linux", 06755), "a");
    file(
        other,
        "/usr/bin/ping",
        meta("iputils-ping", 0755).withXattr("security.capability", Bytes.ofHex("01")),
        "b");
    assertEquals(List.of("H15 /usr/bin/su", "H16 /usr/bin/ping"), assertLinesAllow(other.freeze()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/usr/bin/café",
        "/usr/bin/a b",
        "/opt/test key.pem",
        "/opt/clé.pem",
        "/opt/a\\,\u00a0b"
      })
  void linesCanNameAnyPath(String path) throws Exception {
    FileTree.Builder tree = tree();
    file(
        tree,
        path,
        meta("tool", 06757).withXattr("security.capability", CAPABILITY),
        "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC".repeat(2));
    String login = "/home" + path + "/.ssh/authorized_keys";
    file(tree, login, meta("tool", 0600), "ssh-ed25519 AAAAC3Nz me@home\n");
    assertEquals(
        List.of("H05 " + path, "H07 " + login, "H15 " + path, "H16 " + path, "H17 " + path),
        assertLinesAllow(tree.freeze()));
  }

  /** Without a manifest, which would say that it is meant to be gone. */
  @Test
  void aMissingFileOfAnyNameIsAllowed() throws Exception {
    FileTree.Builder tree = tree();
    String sums = "97fb77134e3b38bab0edb15ac502d652  usr/share/a é\n";
    file(tree, "/var/lib/dpkg/info/tool.md5sums", meta("tool", 0644), sums);
    Subject subject =
        new Subject(tree.freeze(), List.of(), new TreeMap<>(), false, Optional.empty());
    Finding finding = Hygiene.check(subject, Allowed.ofRoles(), 1).get(0);
    String line = finding.remedy().replaceFirst("^.*with the line: ", "");
    Allowed allowed = Allowed.ofRoles().and("mine.txt", line);
    assertEquals(List.of(), Hygiene.check(subject, allowed, 1), line);
  }

  @Test
  void namesOfOwnersMayHaveSpaces() throws Exception {
    FileTree.Builder tree = tree();
    file(tree, "/etc/passwd", meta("tool", 0644), "josé m:x:7:7::/:/bin/false\n");
    file(tree, "/etc/group", meta("tool", 0644), "a b:x:8:\n:x:9:\n");
    file(tree, "/opt/a", meta("tool", 04755).withOwner(7, 8), "a");
    file(tree, "/opt/b", meta("tool", 04755).withOwner(7, 9), "b");
    assertEquals(List.of("H15 /opt/a", "H15 /opt/b"), assertLinesAllow(tree.freeze()));
  }

  @Test
  void pathsMayStandAsTheyAre() throws Exception {
    FileTree.Builder tree = tree();
    file(tree, "/usr/bin/café", meta("tool", 04755), "a");
    Allowed allowed = Allowed.ofRoles().and("mine.txt", "setuid /usr/bin/café 4755 root:root -");
    assertEquals(List.of(), check(tree.freeze(), allowed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\\", "/a\\04", "/a\\xyz", "/a\\400"})
  void aBackslashBeginsAnEscape(String path) {
    assertThrows(
        RecipeException.class,
        () -> Allowed.ofRoles().and("mine.txt", "setuid " + path + " 4755 root:root -"));
  }
}
