package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code /etc/ld.so.conf} (ldconfig(8)): directories one a line, comments, and {@code include} with
 * shell patterns in a path's last component, taken in byte order.
 */
final class LdSoConf {
  /** Deeper than any honest nesting of includes. */
  private static final int MOST_NESTING = 16;

  private final FileTree.Builder tree;
  private final List<String> directories = new ArrayList<>();

  private LdSoConf(FileTree.Builder tree) {
    this.tree = tree;
  }

  /** The directories in the order in which they are searched, as they are written. */
  static List<String> directories(FileTree.Builder tree) throws IOException {
    LdSoConf conf = new LdSoConf(tree);
    conf.read(AbsolutePath.of("/etc/ld.so.conf"), 0);
    return conf.directories;
  }

  private void read(AbsolutePath file, int depth) throws IOException {
    Optional<Content> content = tree.file(file).map(RegularFile::content);
    if (content.isEmpty() || depth > MOST_NESTING) {
      return;
    }
    for (String raw : content.get().text().lines().toList()) {
      String line = raw.replaceFirst("#.*", "").strip();
      if (line.matches("include\\s.*")) {
        for (String pattern : line.substring("include".length()).strip().split("\\s+", -1)) {
          include(pattern, file, depth);
        }
      } else if (line.startsWith("/")) {
        // "DIRECTORY=TYPE" comes from the days of libc5.
        directories.add(line.replaceFirst("=.*", "").replaceFirst("\\s*/*$", ""));
      }
    }
  }

  private void include(String pattern, AbsolutePath from, int depth) throws IOException {
    int slash = pattern.lastIndexOf('/');
    AbsolutePath directory = from.parent().resolve(pattern.substring(0, slash + 1));
    Pattern name = glob(pattern.substring(slash + 1));
    Optional<AbsolutePath> real = tree.resolve(directory);
    if (real.isPresent()) {
      for (AbsolutePath file : tree.children(real.get()).keySet()) {
        if (name.matcher(file.name()).matches()) {
          read(file, depth + 1);
        }
      }
    }
  }

  /** glob(7): a leading dot is matched by nothing but a dot. */
  private static Pattern glob(String pattern) {
    StringBuilder regex = new StringBuilder(pattern.startsWith(".") ? "" : "(?!\\.)");
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      int end = c == '[' ? pattern.indexOf(']', i + 2) : -1;
      if (end > 0) {
        String set = pattern.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
        regex.append('[').append(set.startsWith("!") ? "^" + set.substring(1) : set).append(']');
        i = end;
      } else if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
