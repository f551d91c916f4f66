package io.hardbake.artifact;

import io.hardbake.debian.Deb822;
import io.hardbake.debian.MalformedControlException;
import io.hardbake.debian.Paragraph;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A package as dpkg's status file in a tree has it.
 *
 * @param status such as {@code install ok installed}
 * @param source the source package, with its version where that differs
 * @param size what the package says it takes, rounded to KiB by whoever built it
 */
public record InstalledPackage(
    String name, String version, String architecture, String status, String source, Size size) {
  /** Where dpkg keeps the list. */
  public static final AbsolutePath STATUS = AbsolutePath.of("/var/lib/dpkg/status");

  /** Some thousand packages have less than ten megabytes. */
  private static final Size STATUS_LIMIT = Size.mib(32);

  /** Whether dpkg is done with it; hardbake leaves some packages to first boot. */
  public boolean isConfigured() {
    return status.endsWith(" installed");
  }

  /**
   * All packages of a tree that dpkg has unpacked, by name and architecture: {@code libc6:amd64};
   * not those of which nothing but configuration is left. Empty where the tree has no status file.
   *
   * @throws IntegrityException if the status file is none
   */
  public static SortedMap<String, InstalledPackage> in(FileTree tree)
      throws IntegrityException, IOException {
    Optional<RegularFile> status = tree.file(STATUS);
    if (status.isEmpty()) {
      return Collections.emptySortedMap();
    }
    if (status.get().content().size().compareTo(STATUS_LIMIT) > 0) {
      throw refused("it is larger than " + STATUS_LIMIT, null);
    }
    SortedMap<String, InstalledPackage> packages = new TreeMap<>();
    try {
      for (Paragraph paragraph : Deb822.all(status.get().content().bytes())) {
        InstalledPackage each = of(paragraph);
        if (!each.status.endsWith(" not-installed") && !each.status.endsWith(" config-files")) {
          packages.put(each.name + ":" + each.architecture, each);
        }
      }
    } catch (MalformedControlException e) {
      throw refused(String.valueOf(e.getMessage()), e);
    }
    return packages;
  }

  private static InstalledPackage of(Paragraph paragraph) {
    String name = field(paragraph, "Package");
    return new InstalledPackage(
        name,
        field(paragraph, "Version"),
        field(paragraph, "Architecture"),
        field(paragraph, "Status"),
        paragraph.get("Source").orElse(name),
        size(paragraph.get("Installed-Size").orElse("0")));
  }

  private static String field(Paragraph paragraph, String name) {
    return paragraph.get(name).orElse("");
  }

  private static Size size(String kib) {
    return kib.matches("[0-9]{1,12}") ? Size.kib(Long.parseLong(kib)) : Size.ZERO;
  }

  private static IntegrityException refused(String how, @Nullable Exception cause) {
    String problem = STATUS + " in the image is no status file of dpkg: " + how;
    String remedy = "bake the image again";
    return cause == null
        ? new IntegrityException(problem, remedy)
        : new IntegrityException(problem, remedy, cause);
  }
}
