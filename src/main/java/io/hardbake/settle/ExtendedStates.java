package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.image.Architecture;
import io.hardbake.tree.AbsolutePath;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * apt's memory of what it installed only because something depended on it. Essential packages and
 * those that were asked for are not among them.
 */
final class ExtendedStates {
  private static final AbsolutePath FILE = AbsolutePath.of("/var/lib/apt/extended_states");

  private ExtendedStates() {}

  static void write(
      List<UnpackedPackage> packages,
      Set<String> requested,
      Architecture architecture,
      TreeEditor editor) {
    editor.write(
        FILE,
        packages.stream()
            .filter(one -> !requested.contains(one.name()))
            .filter(one -> one.control().get("Essential").filter("yes"::equals).isEmpty())
            .map(UnpackedPackage::name)
            .sorted(Comparator.naturalOrder())
            .map(
                name ->
                    "Package: %s\nArchitecture: %s\nAuto-Installed: 1\n\n"
                        .formatted(name, architecture.debianName()))
            .collect(Collectors.joining()));
  }
}
