package io.hardbake.kubernetes.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A patch of Debian's 3.0 (quilt) source format: unified hunks, one leading path component dropped
 * ({@code patch -p1 -F0}). A hunk may have moved within its file, but all of its context has to be
 * there; renames and binary hunks are refused.
 *
 * @see <a href="https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html">GNU
 *     diffutils, detailed description of unified format</a>
 */
final class UnifiedDiff {
  private static final Pattern HUNK =
      Pattern.compile("@@ -([0-9]{1,9})(?:,([0-9]{1,9}))? \\+[0-9]+(?:,([0-9]{1,9}))? @@.*");
  private static final String NOTHING = "/dev/null";

  /**
   * What one patch does to one file; {@code oldName} or {@code newName} may be {@code /dev/null}.
   */
  private record FileChange(String oldName, String newName, List<Hunk> hunks) {}

  /** Lines without their newline; {@code at} counts from 0 in the old file. */
  private record Hunk(int at, List<String> before, List<String> after) {}

  private final String name;
  private final List<String> lines;
  private final List<FileChange> changes = new ArrayList<>();
  private int next;

  private UnifiedDiff(String name, List<String> lines) {
    this.name = name;
    this.lines = lines;
  }

  /** A patch that is not understood or does not fit. */
  static final class PatchException extends IOException {
    PatchException(String problem) {
      super(problem);
    }
  }

  /**
   * Reads a patch; {@code name} is for messages. Bytes are kept as they are, whatever they encode.
   */
  static UnifiedDiff parse(String name, byte[] patch) throws PatchException {
    List<String> lines = lines(patch);
    if (lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1); // What follows the final newline is no line.
    }
    UnifiedDiff diff = new UnifiedDiff(name, lines);
    while (diff.next < diff.lines.size()) {
      String line = diff.lines.get(diff.next++);
      if (line.startsWith("GIT binary patch") || line.startsWith("rename ")) {
        throw new PatchException(name + " holds a change that is no unified diff: " + line);
      }
      if (line.startsWith("--- ") && diff.peek().startsWith("+++ ")) {
        diff.changes.add(diff.fileChange(line));
      }
    }
    return diff;
  }

  /**
   * Changes the files below {@code root}; files already changed stay so where a later one fails.
   */
  void apply(Path root) throws IOException {
    for (FileChange change : changes) {
      boolean creates = change.oldName.equals(NOTHING);
      boolean deletes = change.newName.equals(NOTHING);
      Path file = resolve(root, creates ? change.newName : change.oldName);
      if (creates == Files.exists(file)) {
        throw new PatchException(name + ": " + file + (creates ? " exists" : " does not exist"));
      }
      // The final newline yields an empty last line, so files with and without one stay apart.
      List<String> content =
          creates ? new ArrayList<>(List.of("")) : lines(Files.readAllBytes(file));
      applyHunks(change, content);
      if (deletes) {
        Files.delete(file);
      } else {
        Files.createDirectories(file.resolveSibling("."));
        Files.write(file, String.join("\n", content).getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  private void applyHunks(FileChange change, List<String> content) throws PatchException {
    int shift = 0;
    int done = 0;
    for (Hunk hunk : change.hunks) {
      int expected = Math.max(hunk.at + shift, done);
      int at = find(content, hunk.before, expected, done);
      if (at < 0) {
        throw new PatchException(
            "%s does not fit %s near line %d".formatted(name, change.oldName, hunk.at + 1));
      }
      content.subList(at, at + hunk.before.size()).clear();
      content.addAll(at, hunk.after);
      done = at + hunk.after.size();
      shift = done - (hunk.at + hunk.before.size());
    }
  }

  /**
   * The place nearest to {@code expected}, not before {@code from}, where the lines stand; or -1.
   */
  private static int find(List<String> content, List<String> lines, int expected, int from) {
    int last = content.size() - lines.size();
    for (int distance = 0; distance <= content.size(); distance++) {
      for (int at : new int[] {expected - distance, expected + distance}) {
        if (at >= from && at <= last && content.subList(at, at + lines.size()).equals(lines)) {
          return at;
        }
      }
    }
    return -1;
  }

  private FileChange fileChange(String oldLine) throws PatchException {
    String newLine = lines.get(next++);
    List<Hunk> hunks = new ArrayList<>();
    for (Matcher m = HUNK.matcher(peek()); m.matches(); m = HUNK.matcher(peek())) {
      next++;
      hunks.add(hunk(number(m.group(1), 0), number(m.group(2), 1), number(m.group(3), 1)));
    }
    if (hunks.isEmpty()) {
      throw new PatchException(name + ": no hunk follows " + newLine);
    }
    return new FileChange(stripped(oldLine), stripped(newLine), hunks);
  }

  private Hunk hunk(int oldStart, int oldCount, int newCount) throws PatchException {
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    while (before.size() < oldCount || after.size() < newCount) {
      if (next == lines.size()) {
        throw new PatchException(name + " ends within a hunk");
      }
      String line = lines.get(next++);
      // Mailers and editors strip the one space of an empty context line.
      char kind = line.isEmpty() ? ' ' : line.charAt(0);
      String text = line.isEmpty() ? "" : line.substring(1);
      switch (kind) {
        case ' ' -> {
          before.add(text);
          after.add(text);
        }
        case '-' -> before.add(text);
        case '+' -> after.add(text);
        default -> throw new PatchException(name + ": not a line of a hunk: " + line);
      }
    }
    if (before.size() != oldCount || after.size() != newCount || peek().startsWith("\\")) {
      throw new PatchException(name + ": a hunk that is damaged or ends without a newline");
    }
    // A hunk without old lines stands after its line, any other one at it.
    return new Hunk(Math.max(oldCount == 0 ? oldStart : oldStart - 1, 0), before, after);
  }

  /** The line to come; empty at the end, which no hunk and no header matches. */
  private String peek() {
    return next < lines.size() ? lines.get(next) : "";
  }

  private static int number(String digits, int otherwise) {
    return digits == null ? otherwise : Integer.parseInt(digits);
  }

  /** The name in a {@code ---} or {@code +++} line, without timestamp and first component. */
  private String stripped(String line) throws PatchException {
    String path = line.substring("--- ".length());
    int tab = path.indexOf('\t');
    path = tab < 0 ? path : path.substring(0, tab);
    if (path.equals(NOTHING)) {
      return path;
    }
    int slash = path.indexOf('/');
    if (slash < 0) {
      throw new PatchException(name + ": no component to drop in " + path);
    }
    return path.substring(slash + 1);
  }

  private Path resolve(Path root, String path) throws IOException {
    Path relative;
    try {
      relative = Path.of(path);
    } catch (InvalidPathException e) {
      throw new PatchException(name + " changes a file that cannot be: " + e.getReason());
    }
    Path at = root;
    for (Path component : relative) {
      String word = component.toString();
      if (relative.isAbsolute() || word.isEmpty() || word.equals(".") || word.equals("..")) {
        throw new PatchException(name + " changes a file outside: " + path);
      }
      at = at.resolve(component);
      if (Files.isSymbolicLink(at)) {
        throw new PatchException(name + " changes a file through a link: " + path);
      }
    }
    if (Files.exists(at) && !Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS)) {
      throw new PatchException(name + " changes what is no regular file: " + path);
    }
    return at;
  }

  private static List<String> lines(byte[] bytes) {
    return new ArrayList<>(List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)));
  }
}
