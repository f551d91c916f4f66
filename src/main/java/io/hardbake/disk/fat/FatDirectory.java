package io.hardbake.disk.fat;

import io.hardbake.failure.UsageException;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A directory with what is in it, by name; names are checked when they come in. */
final class FatDirectory {
  private static final String FORBIDDEN = "\"*/:<>?\\|";
  private static final long MAX_FILE = 0xffff_ffffL;

  private final AbsolutePath path;
  private final SortedMap<String, FatDirectory> directories = new TreeMap<>();
  private final SortedMap<String, Content> files = new TreeMap<>();
  private final Map<String, String> byUpperCase = new TreeMap<>();

  private FatDirectory(AbsolutePath path) {
    this.path = path;
  }

  /** The root of these files; directories come from their paths. */
  static FatDirectory of(SortedMap<AbsolutePath, Content> files) throws UsageException {
    FatDirectory root = new FatDirectory(AbsolutePath.ROOT);
    for (Map.Entry<AbsolutePath, Content> file : files.entrySet()) {
      FatDirectory directory = root;
      for (String name : file.getKey().parent().components()) {
        directory = directory.directory(name);
      }
      directory.add(file.getKey().name(), file.getValue());
    }
    return root;
  }

  /** Each name of a directory or file, in the order of the entries, with its short name. */
  SortedMap<String, String> names() {
    TreeSet<String> names = new TreeSet<>(directories.keySet());
    names.addAll(files.keySet());
    return ShortNames.of(names);
  }

  /** Entries for all names, without those that begin every directory. */
  int entries() {
    return names().entrySet().stream()
        .mapToInt(
            each ->
                ShortNames.isExact(each.getKey())
                    ? 1
                    : 1 + new LongName(each.getKey(), each.getValue()).entries())
        .sum();
  }

  AbsolutePath path() {
    return path;
  }

  SortedMap<String, FatDirectory> directories() {
    return directories;
  }

  SortedMap<String, Content> files() {
    return files;
  }

  private FatDirectory directory(String name) throws UsageException {
    FatDirectory present = directories.get(name);
    if (present != null) {
      return present;
    }
    reserve(name);
    FatDirectory made = new FatDirectory(path.child(name));
    directories.put(name, made);
    return made;
  }

  private void add(String name, Content content) throws UsageException {
    reserve(name);
    if (content.size().bytes() > MAX_FILE) {
      throw new UsageException(
          "%s has %s; a file on FAT ends below 4 GiB".formatted(path.child(name), content.size()),
          "leave the file out, or split it");
    }
    files.put(name, content);
  }

  private void reserve(String name) throws UsageException {
    check(name);
    String present = byUpperCase.putIfAbsent(name.toUpperCase(Locale.ROOT), name);
    if (present != null) {
      throw new UsageException(
          "%s and %s have the same name on FAT, which ignores case"
              .formatted(path.child(present), path.child(name)),
          "rename one of them");
    }
  }

  private void check(String name) throws UsageException {
    String flaw = null;
    if (name.length() > LongName.MAX) {
      flaw = "it has %d characters, and %d are the limit".formatted(name.length(), LongName.MAX);
    } else if (name.isEmpty() || name.endsWith(".") || name.endsWith(" ") || name.startsWith(" ")) {
      flaw = "it begins or ends with a space, or ends with a dot";
    } else if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f || FORBIDDEN.indexOf(c) >= 0)) {
      flaw = "it has a control character or one of " + FORBIDDEN;
    }
    if (flaw != null) {
      throw new UsageException(
          "%s cannot be stored on FAT: %s".formatted(path.child(name), flaw), "rename the file");
    }
  }
}
