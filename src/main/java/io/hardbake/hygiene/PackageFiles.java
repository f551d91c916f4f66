package io.hardbake.hygiene;

import io.hardbake.image.Finding;
import io.hardbake.image.Manifest;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The files of packages against the MD5 sums that packages bring ({@code
 * /var/lib/dpkg/info/*.md5sums}, deb-md5sums(5)), as debsums does it. That finds accidents and what
 * was changed in place; it is no defence against whoever changes the sums as well. Configuration
 * files do not count, nor do files that a package lost to another that replaces them.
 */
final class PackageFiles {
  /** Where dpkg keeps what it knows of each package. */
  static final AbsolutePath INFO = AbsolutePath.of("/var/lib/dpkg/info");

  private static final AbsolutePath DIVERSIONS = AbsolutePath.of("/var/lib/dpkg/diversions");

  private static final String SUMS = ".md5sums";

  /** What dpkg takes a file out of that another package replaces; the sums stay as they were. */
  private static final String LIST = ".list";

  private static final String CONFFILES = ".conffiles";

  /** All lists: those of our own roles have less than a megabyte. */
  private static final Size SUMS_LIMIT = Size.mib(16);

  /** All other lists of packages that bring sums. */
  private static final Size LISTS_LIMIT = Size.mib(16);

  private static final Size DIVERSIONS_LIMIT = Size.mib(1);
  private static final int DIGITS = 32;
  private static final int PATH_AT = DIGITS + 2;

  private PackageFiles() {}

  /** A file with a sum that is still to be compared. */
  record Task(AbsolutePath path, Content content, String md5) {
    Optional<Finding> run(byte[] buffer) throws IOException {
      MessageDigest digest = newDigest();
      try (InputStream in = content.open()) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
        }
      }
      String actual = HexFormat.of().formatHex(digest.digest());
      return actual.equals(md5)
          ? Optional.empty()
          : Optional.of(finding(path, "differs from its package: MD5 " + actual));
    }
  }

  /** What is to be compared; what is missing already is a finding. */
  static List<Task> tasks(Subject subject, Allowed allowed, List<Finding> findings)
      throws IOException {
    FileTree tree = subject.tree();
    Optional<Map<AbsolutePath, Boolean>> manifest = subject.manifest().map(PackageFiles::packaged);
    Map<AbsolutePath, Diversion> diversions = diversions(tree);
    Map<AbsolutePath, Task> tasks = new TreeMap<>();
    for (Sum sum : sums(tree)) {
      Diversion diversion = diversions.get(sum.path);
      AbsolutePath path =
          diversion == null || diversion.by.equals(sum.packageName) ? sum.path : diversion.to;
      // What the manifest has as another's, or not at all, is so by a recipe.
      if (allowed.isChanged(path)
          || (manifest.isPresent()
              && !manifest.get().getOrDefault(tree.resolve(path).orElse(path), false))) {
        continue;
      }
      Optional<RegularFile> file = tree.file(path);
      if (file.isEmpty()) {
        findings.add(finding(path, "is missing"));
      } else {
        tasks.put(path, new Task(path, file.get().content(), sum.md5));
      }
    }
    return new ArrayList<>(tasks.values());
  }

  private static Finding finding(AbsolutePath path, String problem) {
    return Rule.H19.unless(path.value(), problem, Lines.line("changed", path.value(), "REASON"));
  }

  /** A line of a package's list. */
  private record Sum(String packageName, AbsolutePath path, String md5) {}

  private static List<Sum> sums(FileTree tree) throws IOException {
    List<Sum> sums = new ArrayList<>();
    Texts texts = new Texts(SUMS_LIMIT);
    Texts lists = new Texts(LISTS_LIMIT);
    for (Map.Entry<AbsolutePath, Entry> list : tree.children(INFO).entrySet()) {
      String name = list.getKey().name();
      if (!name.endsWith(SUMS) || !(list.getValue() instanceof RegularFile text)) {
        continue;
      }
      String packageName = owner(name, SUMS);
      String stem = name.substring(0, name.length() - SUMS.length());
      Optional<Set<String>> shipped = lines(tree, INFO.child(stem + LIST), lists);
      Set<String> conffiles = lines(tree, INFO.child(stem + CONFFILES), lists).orElse(Set.of());
      for (String line : texts.read(list.getKey(), text.content()).split("\n", -1)) {
        if (line.length() > PATH_AT) {
          AbsolutePath path = path("/" + line.substring(PATH_AT), list.getKey());
          if (shipped.map(all -> all.contains(path.value())).orElse(true)
              && !conffiles.contains(path.value())) {
            sums.add(new Sum(packageName, path, line.substring(0, DIGITS)));
          }
        }
      }
    }
    return sums;
  }

  private static Optional<Set<String>> lines(FileTree tree, AbsolutePath list, Texts texts)
      throws IOException {
    Optional<RegularFile> file = tree.file(list);
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(texts.read(list, file.get().content()).lines().collect(Collectors.toSet()));
  }

  /** The package whose list a file in {@link #INFO} is: {@code libc6} of libc6:amd64.md5sums. */
  static String owner(String list, String suffix) {
    return list.substring(0, list.length() - suffix.length()).replaceFirst(":.*", "");
  }

  private static AbsolutePath path(String text, AbsolutePath list) throws IOException {
    try {
      return AbsolutePath.of(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(list + " names no path: " + text, e);
    }
  }

  /** Whether a path is a package's, for all that the manifest lists. */
  private static Map<AbsolutePath, Boolean> packaged(Manifest manifest) {
    return manifest.lines().stream()
        .collect(
            Collectors.toMap(
                Manifest.Line::path,
                line -> line.provenance().value().startsWith("package:"),
                (first, second) -> first));
  }

  /** Where dpkg put files of all packages but one: three lines each, from, to, by whom. */
  private static Map<AbsolutePath, Diversion> diversions(FileTree tree) throws IOException {
    Map<AbsolutePath, Diversion> diverted = new HashMap<>();
    Optional<RegularFile> file = tree.file(DIVERSIONS);
    if (file.isPresent()) {
      String text = new Texts(DIVERSIONS_LIMIT).read(DIVERSIONS, file.get().content());
      String[] lines = text.split("\n", -1);
      for (int i = 0; i + 2 < lines.length; i += 3) {
        AbsolutePath to = path(lines[i + 1], DIVERSIONS);
        diverted.put(path(lines[i], DIVERSIONS), new Diversion(to, lines[i + 2]));
      }
    }
    return diverted;
  }

  private record Diversion(AbsolutePath to, String by) {}

  /** What packages are checked with, by their own lists; it protects nothing by itself. */
  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
