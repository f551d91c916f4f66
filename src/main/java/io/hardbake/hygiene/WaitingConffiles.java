package io.hardbake.hygiene;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.RegularFile;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where dpkg keeps the configuration files of packages that it has unpacked and not yet configured:
 * beside their names, as {@code .dpkg-new}. First boot configures such packages, which puts the
 * files in place.
 */
final class WaitingConffiles {
  private static final String LIST = ".conffiles";
  private static final String SUFFIX = ".dpkg-new";

  private WaitingConffiles() {}

  /** As the packages' own lists say; only of packages that are not configured. */
  static Set<String> of(Subject subject) throws IOException {
    Set<String> waiting = new HashSet<>();
    for (Map.Entry<AbsolutePath, Entry> list :
        subject.tree().children(PackageFiles.INFO).entrySet()) {
      String name = list.getKey().name();
      if (!name.endsWith(LIST) || !(list.getValue() instanceof RegularFile file)) {
        continue;
      }
      Subject.Installed owner = subject.packages().get(PackageFiles.owner(name, LIST));
      if (owner != null && !owner.configured()) {
        file.content().text().lines().forEach(line -> waiting.add(line.strip() + SUFFIX));
      }
    }
    return waiting;
  }
}
