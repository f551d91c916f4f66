package io.hardbake.hygiene;

import io.hardbake.io.Size;
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

  /** All of them: some hundred names in the largest images. */
  private static final Size LIMIT = Size.mib(1);

  private WaitingConffiles() {}

  /** As the packages' own lists say; only of packages that are not configured. */
  static Set<String> of(Subject subject) throws IOException {
    Set<String> waiting = new HashSet<>();
    Texts texts = new Texts(LIMIT);
    for (Map.Entry<AbsolutePath, Entry> list :
        subject.tree().children(PackageFiles.INFO).entrySet()) {
      String name = list.getKey().name();
      if (!name.endsWith(LIST) || !(list.getValue() instanceof RegularFile file)) {
        continue;
      }
      Subject.Installed owner = subject.packages().get(PackageFiles.owner(name, LIST));
      if (owner != null && !owner.configured()) {
        String text = texts.read(list.getKey(), file.content());
        text.lines().forEach(line -> waiting.add(line.strip() + SUFFIX));
      }
    }
    return waiting;
  }
}
