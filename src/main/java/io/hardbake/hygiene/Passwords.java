package io.hardbake.hygiene;

import io.hardbake.image.Finding;
import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Accounts that nobody can log in to with a password (passwd(5), shadow(5), gshadow(5)), in the
 * files and their backups. A hash behind {@code !} is locked, but still a hash.
 */
final class Passwords {
  private static final Set<String> LOCKED = Set.of("*", "!", "!!", "!*");

  /** What the second field may be. A group without password admits its members alone. */
  private static final Map<String, Set<String>> FILES =
      new TreeMap<>(
          Map.of(
              "/etc/passwd", Set.of("x", "*", "!"),
              "/etc/group", Set.of("x", "*", "!", ""),
              "/etc/shadow", LOCKED,
              "/etc/gshadow", Set.of("*", "!", "!!", "!*", "")));

  /** All of them. */
  private static final Size LIMIT = Size.mib(4);

  private Passwords() {}

  static List<Finding> check(FileTree tree) throws IOException {
    List<Finding> findings = new ArrayList<>();
    Texts texts = new Texts(LIMIT);
    for (Map.Entry<String, Set<String>> file : FILES.entrySet()) {
      for (String path : List.of(file.getKey(), file.getKey() + "-")) {
        check(tree, AbsolutePath.of(path), file.getValue(), texts, findings);
      }
    }
    return findings;
  }

  private static void check(
      FileTree tree, AbsolutePath path, Set<String> allowed, Texts texts, List<Finding> findings)
      throws IOException {
    Optional<RegularFile> file = tree.file(path);
    if (file.isEmpty()) {
      return;
    }
    for (String line : texts.read(path, file.get().content()).split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > 1 && !allowed.contains(fields[1])) {
        String what = fields[1].isEmpty() ? "needs no password" : "has a password";
        findings.add(Rule.H08.finding(path.value(), fields[0] + " " + what));
      }
    }
  }
}
