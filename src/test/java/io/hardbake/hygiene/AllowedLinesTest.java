package io.hardbake.hygiene;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
            "H15 /opt/both", "H15 /opt/setuid", "H16 /opt/capability", "H17 /opt/both",
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
        new Subject(
            frozen, List.of(), new TreeMap<>(), false, Optional.of(Manifest.of(frozen)));
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
    assertEquals(
        List.of("H15 /usr/bin/su", "H16 /usr/bin/ping"), assertLinesAllow(other.freeze()));
  }
}
