package io.hardbake.verify;

import io.hardbake.debian.Deb822;
import io.hardbake.debian.MalformedControlException;
import io.hardbake.debian.Paragraph;
import io.hardbake.hygiene.Subject.Installed;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What dpkg knows of an image's packages. */
final class PackageDatabase {
  static final AbsolutePath STATUS = AbsolutePath.of("/var/lib/dpkg/status");

  /** Some thousand packages have less than ten megabytes. */
  private static final Size LIMIT = Size.mib(32);

  private PackageDatabase() {}

  /**
   * The packages that are there, by name; none where an image has no dpkg.
   *
   * @throws IOException if the status file cannot be read, or is larger than any
   */
  static SortedMap<String, Installed> read(FileTree tree)
      throws IOException, MalformedControlException {
    SortedMap<String, Installed> packages = new TreeMap<>();
    Optional<RegularFile> status = tree.file(STATUS);
    if (status.isEmpty()) {
      return packages;
    }
    Content content = status.get().content();
    if (content.size().compareTo(LIMIT) > 0) {
      throw new IOException(STATUS + " is larger than " + LIMIT);
    }
    try (InputStream in = content.open()) {
      Deb822 reader = Deb822.of(in);
      for (Paragraph each = reader.next(); each != null; each = reader.next()) {
        add(each, packages);
      }
    }
    return packages;
  }

  private static void add(Paragraph paragraph, SortedMap<String, Installed> packages) {
    Optional<String> name = paragraph.get("Package");
    Optional<String> version = paragraph.get("Version");
    String state = paragraph.get("Status").orElse("");
    if (name.isPresent() && version.isPresent() && !state.endsWith("not-installed")) {
      packages.put(name.get(), new Installed(version.get(), state.endsWith(" installed")));
    }
  }
}
