package io.hardbake.verify;

import io.hardbake.image.Finding;
import io.hardbake.image.Manifest;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.FileTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Each path of a tree against its line of the manifest. */
final class ManifestComparison {
  /** Every ext4 has it, and no manifest: e2fsck puts there what belongs nowhere. */
  private static final AbsolutePath LOST_AND_FOUND = AbsolutePath.of("/lost+found");

  private ManifestComparison() {}

  static List<Finding> compare(FileTree tree, Manifest manifest) {
    SortedMap<AbsolutePath, Manifest.Line> expected = new TreeMap<>();
    manifest.lines().forEach(line -> expected.put(line.path(), line));
    List<Finding> findings = new ArrayList<>();
    for (Manifest.Line actual : Manifest.of(tree).lines()) {
      Manifest.Line line = expected.remove(actual.path());
      if (line != null) {
        differences(line, actual, findings);
      } else if (!isEmptyLostAndFound(tree, actual)) {
        findings.add(Check.V06.finding(actual.path().value(), "is there, and not in the manifest"));
      }
    }
    for (AbsolutePath path : expected.keySet()) {
      findings.add(Check.V06.finding(path.value(), "is missing, and in the manifest"));
    }
    return findings;
  }

  private static void differences(
      Manifest.Line expected, Manifest.Line actual, List<Finding> findings) {
    if (actual.sameAs(expected)) {
      return;
    }
    String path = actual.path().value();
    compare(path, "type", expected.type(), actual.type(), findings);
    compare(path, "mode", octal(expected.mode()), octal(actual.mode()), findings);
    compare(path, "owner", expected.uid(), actual.uid(), findings);
    compare(path, "group", expected.gid(), actual.gid(), findings);
    compare(
        path,
        "size",
        expected.size().map(Size::bytes).orElse(0L),
        actual.size().map(Size::bytes).orElse(0L),
        findings);
    compare(path, "content", expected.body(), actual.body(), findings);
    compare(path, "extended attributes", expected.xattrs(), actual.xattrs(), findings);
  }

  private static void compare(
      String path, String attribute, Object expected, Object actual, List<Finding> findings) {
    if (!expected.equals(actual)) {
      findings.add(
          Check.V06.finding(
              path, "%s is %s, and %s in the manifest".formatted(attribute, actual, expected)));
    }
  }

  private static String octal(int mode) {
    return String.format(Locale.ROOT, "%04o", mode);
  }

  private static boolean isEmptyLostAndFound(FileTree tree, Manifest.Line line) {
    return line.path().equals(LOST_AND_FOUND)
        && line.type() == Manifest.Type.DIRECTORY
        && tree.children(LOST_AND_FOUND).isEmpty();
  }
}
