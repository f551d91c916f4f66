package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Meta;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * tmpfiles.d(5): the lines that make something lasting. Left out are lines for boot only ({@code
 * !}), removals, ages, attributes and ACLs (systemd-tmpfiles sets them again at each boot), what
 * only adjusts or fills ({@code e}, {@code Z}, {@code w}), files to be emptied ({@code F}; {@code
 * f+} is like {@code f}, which leaves a file that is there as it is), pipes and devices ({@code p},
 * {@code c}, {@code b}), lines with specifiers, wildcards or credentials, and file systems that are
 * mounted over the image.
 */
final class Tmpfiles {
  private static final String ABSENT = "-";
  private static final String FACTORY = "/usr/share/factory";
  private static final List<AbsolutePath> MOUNTED =
      List.of(
          AbsolutePath.of("/dev"),
          AbsolutePath.of("/proc"),
          AbsolutePath.of("/run"),
          AbsolutePath.of("/sys"),
          AbsolutePath.of("/tmp"));
  private static final Pattern MODE = Pattern.compile("[0-7]{1,5}");
  private static final Set<Character> DIRECTORIES = Set.of('d', 'D', 'q', 'Q', 'v');
  private static final Set<Character> MAKING = Set.of('d', 'D', 'q', 'Q', 'v', 'f', 'L', 'C');

  /** Those in whose argument systemd-tmpfiles undoes escapes as in C. */
  private static final Set<Character> ESCAPED = Set.of('f', 'L', 'C');

  /** One line: type with modifiers, path, mode, user, group, age, argument. */
  private record Line(List<String> fields) {
    static List<Line> parse(String text) {
      List<Line> lines = new ArrayList<>();
      for (String line : text.lines().map(String::strip).toList()) {
        if (!line.isEmpty() && !line.startsWith("#")) {
          lines.add(new Line(Arrays.asList(line.split("\\s+", 7))));
        }
      }
      return lines;
    }

    char type() {
      return fields.get(0).charAt(0);
    }

    boolean has(char modifier) {
      return fields.get(0).indexOf(modifier, 1) > 0;
    }

    String field(int index) {
      return index < fields.size() ? fields.get(index) : ABSENT;
    }

    boolean isForImages() {
      String path = field(1);
      boolean boot = has('!') || has('^');
      return !boot && path.indexOf('%') < 0 && path.indexOf('*') < 0 && !field(6).contains("%");
    }

    AbsolutePath path() {
      return path(field(1));
    }

    /** As systemd-tmpfiles reads it: slashes too many do not count. */
    private static AbsolutePath path(String text) {
      return AbsolutePath.of(text.replaceAll("/+", "/").replaceFirst("(?<=.)/$", ""));
    }

    /** What a link leads to, or a copy is made of: without a word, the factory's of that name. */
    String source() {
      return field(6).equals(ABSENT) ? FACTORY + path() : field(6);
    }

    AbsolutePath sourcePath() {
      return path(source());
    }

    private boolean canBeCopied() {
      try {
        return !sourcePath().isRoot();
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    boolean isMounted() {
      return MOUNTED.stream().anyMatch(root -> path().equals(root) || path().isBelow(root));
    }

    /** The mode in octal digits. */
    String mode() {
      return field(2).replaceFirst("^[:~]+", "");
    }

    String user() {
      return field(3).replaceFirst("^:", "");
    }

    String group() {
      return field(4).replaceFirst("^:", "");
    }

    Optional<String> objection(IdTable ids) {
      try {
        if (isMounted()) {
          return Optional.empty();
        }
      } catch (IllegalArgumentException e) {
        return Optional.of("no path that hardbake can make: " + field(1));
      }
      if (field(1).indexOf('\\') >= 0 && (MAKING.contains(type()) || type() == 'z')) {
        return Optional.of("no path that hardbake can make: " + field(1));
      }
      if (type() == 'f' && has('~')) {
        return Optional.of("hardbake decodes no Base64: " + field(1));
      }
      if (ESCAPED.contains(type()) && field(6).indexOf('\\') >= 0) {
        return Optional.of("hardbake undoes no escapes: " + field(6));
      }
      if (type() == 'L' && has('?')) {
        return Optional.of("hardbake makes no link on a condition: " + field(1));
      }
      if (type() == 'C' && !canBeCopied()) {
        return Optional.of("no path that hardbake can copy: " + source());
      }
      if (!mode().equals(ABSENT) && !MODE.matcher(mode()).matches()) {
        return Optional.of("no mode that hardbake can set: " + field(2));
      }
      if (!user().equals(ABSENT) && ids.user(user()).isEmpty()) {
        return Optional.of("hardbake has no number for user " + user());
      }
      if (!group().equals(ABSENT) && ids.group(group()).isEmpty()) {
        return Optional.of("hardbake has no number for group " + group());
      }
      return Optional.empty();
    }
  }

  private final Accounts accounts;
  private final TreeEditor editor;
  private final Set<AbsolutePath> seen = new HashSet<>();

  private Tmpfiles(Accounts accounts, TreeEditor editor) {
    this.accounts = accounts;
    this.editor = editor;
  }

  /** Does what {@code systemd-tmpfiles --create FILES} does for files in /usr/lib/tmpfiles.d. */
  static void create(List<String> files, Accounts accounts, TreeEditor editor) {
    Tmpfiles tmpfiles = new Tmpfiles(accounts, editor);
    for (String file : files) {
      Line.parse(Texts.required(editor.tree(), path(file))).stream()
          .filter(Line::isForImages)
          .forEach(tmpfiles::create);
    }
  }

  /** The first thing in a package's files that hardbake cannot do. */
  static Optional<String> objection(List<String> files, UnpackedPackage shipped, IdTable ids) {
    for (String file : files) {
      Optional<String> text = Texts.in(shipped, path(file));
      if (text.isEmpty()) {
        return Optional.of("its " + file + " is not among its files");
      }
      Optional<String> objection =
          Line.parse(text.get()).stream()
              .filter(Line::isForImages)
              .flatMap(line -> line.objection(ids).stream())
              .findFirst();
      if (objection.isPresent()) {
        return objection.map(reason -> file + ": " + reason);
      }
    }
    return Optional.empty();
  }

  private static AbsolutePath path(String file) {
    return AbsolutePath.of("/usr/lib/tmpfiles.d/" + file);
  }

  private void create(Line line) {
    if (line.isMounted()) {
      return;
    }
    AbsolutePath path = line.path();
    char type = line.type();
    if (type == 'C' && !editor.standsAt(line.sourcePath())) {
      return;
    }
    if (MAKING.contains(type) && !seen.add(path)) {
      return; // of two lines that make one thing, the first counts
    }
    if (DIRECTORIES.contains(type)) {
      boolean made = !editor.exists(path);
      editor.directory(path, 0755, Owner.ROOT);
      adjust(path, line, made);
    } else if (type == 'f' && !editor.standsAt(path)) {
      editor.write(path, 0644, Owner.ROOT, Content.of(argument(line)));
      adjust(path, line, true);
    } else if (type == 'L' && (line.has('+') || !editor.standsAt(path))) {
      editor.link(path, line.source());
    } else if (type == 'C') {
      copy(line, path);
    } else if (type == 'z' && editor.exists(path)) {
      adjust(path, line, false);
    }
  }

  /** What stands there already is adjusted all the same; a source that is missing is no error. */
  private void copy(Line line, AbsolutePath path) {
    boolean made = !editor.standsAt(path);
    editor.copyTree(line.sourcePath(), path, meta -> owned(meta, line, true));
    if (editor.standsAt(path) && !editor.isLink(path)) {
      adjust(path, line, made);
    }
  }

  private static String argument(Line line) {
    return line.field(6).equals(ABSENT) ? "" : line.field(6);
  }

  /** Sets mode and owner. */
  private void adjust(AbsolutePath path, Line line, boolean made) {
    String mode = line.field(2);
    if (!mode.equals(ABSENT) && counts(mode, made)) {
      editor.chmod(path, Integer.parseInt(line.mode(), 8));
    }
    editor.change(path, meta -> owned(meta, line, made));
  }

  /** A value behind a colon counts only for what was just made. */
  private static boolean counts(String value, boolean made) {
    return made || value.indexOf(':') < 0;
  }

  /** A dash leaves whose it is. */
  private Meta owned(Meta meta, Line line, boolean made) {
    String user = counts(line.field(3), made) ? line.user() : ABSENT;
    String group = counts(line.field(4), made) ? line.group() : ABSENT;
    Owner owner =
        accounts.owner(user.equals(ABSENT) ? "root" : user, group.equals(ABSENT) ? "root" : group);
    return meta.withOwner(
        user.equals(ABSENT) ? meta.uid() : owner.uid(),
        group.equals(ABSENT) ? meta.gid() : owner.gid());
  }
}
