package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * dpkg-divert(1): paths that every package but one has to ship elsewhere. All diversions are known
 * before anything is unpacked, so the order of packages does not matter.
 */
final class Diversions {
  private static final AbsolutePath FILE = AbsolutePath.of("/var/lib/dpkg/diversions");

  private record Diversion(AbsolutePath to, String packageName) {}

  private final Map<AbsolutePath, Diversion> byPath = new TreeMap<>();

  /** {@code packageName} is the one whose own file stays at {@code from}. */
  void add(AbsolutePath from, AbsolutePath to, String packageName) {
    byPath.put(from, new Diversion(to, packageName));
  }

  /** Where a package's file goes. */
  AbsolutePath apply(AbsolutePath path, String packageName) {
    Diversion diversion = byPath.get(path);
    return diversion == null || diversion.packageName().equals(packageName) ? path : diversion.to();
  }

  /** Three lines each: from, to, package. */
  void writeTo(TreeEditor editor) {
    if (byPath.isEmpty()) {
      return;
    }
    editor.write(
        FILE,
        byPath.entrySet().stream()
            .map(
                e ->
                    "%s\n%s\n%s\n"
                        .formatted(e.getKey(), e.getValue().to(), e.getValue().packageName()))
            .collect(Collectors.joining()));
  }
}
