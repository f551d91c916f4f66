package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code /var/lib/dpkg/statoverride}: modes and owners that dpkg is to use for a path. */
final class StatOverrides {
  private static final AbsolutePath FILE = AbsolutePath.of("/var/lib/dpkg/statoverride");

  private final SortedSet<Effect.Change> overrides =
      new TreeSet<>(Comparator.comparing(Effect.Change::path));

  void add(Effect.Change change) {
    overrides.add(change);
  }

  void writeTo(TreeEditor editor) {
    if (overrides.isEmpty()) {
      return;
    }
    editor.write(
        FILE,
        overrides.stream()
            .map(
                o ->
                    "%s %s %o %s\n"
                        .formatted(o.owner().user(), o.owner().group(), o.mode(), o.path()))
            .collect(Collectors.joining()));
  }
}
