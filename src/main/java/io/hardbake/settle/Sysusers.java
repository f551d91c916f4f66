package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.FileTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * sysusers.d(5): the lines that make users ({@code u}), groups ({@code g}) and memberships ({@code
 * m}), which make what is missing. Who exists already stays as he is; everybody else must have a
 * number in {@link IdTable}.
 */
record Sysusers(List<Line> lines) {
  /** One line; absent fields are {@code -}. */
  record Line(char type, String name, String id, String gecos, String home, String shell) {}

  private static final String ABSENT = "-";
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Pattern SINGLE_QUOTED =
      Pattern.compile("(?m)^(?![ \t]*#)(?:[^\"\n]|\"[^\"\n]*\")*[ \t]'");

  Sysusers {
    lines = List.copyOf(lines);
  }

  /** The lines of files in {@code /usr/lib/sysusers.d}, in order. */
  static Sysusers of(List<String> files, FileTree.Builder tree) {
    List<Line> lines = new ArrayList<>();
    for (String file : files) {
      lines.addAll(parse(Texts.required(tree, path(file))));
    }
    return new Sysusers(lines);
  }

  /** The first thing in a package's files that hardbake has no number for, or cannot do. */
  static Optional<String> objection(List<String> files, UnpackedPackage shipped, IdTable ids) {
    for (String file : files) {
      Optional<String> text = Texts.in(shipped, path(file));
      if (text.isEmpty()) {
        return Optional.of("its " + file + " is not among its files");
      }
      if (SINGLE_QUOTED.matcher(text.get()).find()) {
        return Optional.of("a word in single quotes in " + file);
      }
      for (Line line : parse(text.get())) {
        switch (line.type()) {
          case 'u' -> {
            if (ids.user(line.name()).isEmpty()) {
              return Optional.of("hardbake has no number for user " + line.name());
            }
          }
          case 'g' -> {
            if (ids.group(line.name()).isEmpty()) {
              return Optional.of("hardbake has no number for group " + line.name());
            }
          }
          case 'm' -> {
            if (ids.user(line.name()).isEmpty() || ids.group(line.id()).isEmpty()) {
              return Optional.of(
                  "hardbake has no number for user %s or for group %s"
                      .formatted(line.name(), line.id()));
            }
          }
          default -> {
            return Optional.of("a line of type " + line.type() + " in " + file);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static AbsolutePath path(String file) {
    return AbsolutePath.of("/usr/lib/sysusers.d/" + file);
  }

  static List<Line> parse(String text) {
    List<Line> lines = new ArrayList<>();
    for (String raw : text.lines().map(String::strip).toList()) {
      if (!raw.isEmpty() && !raw.startsWith("#")) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(raw);
        while (word.find()) {
          words.add(word.group(1) != null ? word.group(1) : word.group(2));
        }
        lines.add(
            new Line(
                words.get(0).charAt(0),
                field(words, 1),
                field(words, 2),
                field(words, 3),
                field(words, 4),
                field(words, 5)));
      }
    }
    return lines;
  }

  private static String field(List<String> words, int index) {
    return index < words.size() ? words.get(index) : ABSENT;
  }

  void applyTo(Accounts accounts) {
    for (Line line : lines) {
      switch (line.type()) {
        case 'g' -> accounts.systemGroup(line.name(), Accounts.LOCKED_BY_SYSUSERS);
        case 'u' ->
            accounts.systemUser(
                line.name(),
                line.gecos().equals(ABSENT) ? "" : line.gecos(),
                line.home().equals(ABSENT) ? "/" : line.home(),
                line.shell().equals(ABSENT) ? Accounts.NO_LOGIN : line.shell(),
                Accounts.LOCKED_BY_SYSUSERS);
        case 'm' -> {
          accounts.systemUser(line.name(), "", "/", Accounts.NO_LOGIN, Accounts.LOCKED_BY_SYSUSERS);
          accounts.systemGroup(line.id(), Accounts.LOCKED_BY_SYSUSERS);
          accounts.member(line.name(), line.id());
        }
        default -> throw new IllegalStateException("sysusers line: " + line);
      }
    }
  }
}
