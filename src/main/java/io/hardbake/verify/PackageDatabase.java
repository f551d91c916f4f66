package io.hardbake.verify;

import io.hardbake.debian.Deb822;
import io.hardbake.debian.MalformedControlException;
import io.hardbake.debian.Paragraph;
import io.hardbake.hygiene.Subject.Installed;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What dpkg knows of an image's packages. */
final class PackageDatabase {
  static final AbsolutePath STATUS = AbsolutePath.of("/var/lib/dpkg/status");

  private PackageDatabase() {}

  /** The packages that are there, by name; none where an image has no dpkg. */
  static SortedMap<String, Installed> read(FileTree tree)
      throws IOException, MalformedControlException {
    SortedMap<String, Installed> packages = new TreeMap<>();
    Optional<RegularFile> status = tree.file(STATUS);
    if (status.isEmpty()) {
      return packages;
    }
    for (Paragraph paragraph : Deb822.all(status.get().content().bytes())) {
      Optional<String> name = paragraph.get("Package");
      Optional<String> version = paragraph.get("Version");
      String state = paragraph.get("Status").orElse("");
      if (name.isPresent() && version.isPresent() && !state.endsWith("not-installed")) {
        packages.put(name.get(), new Installed(version.get(), state.endsWith(" installed")));
      }
    }
    return packages;
  }
}
