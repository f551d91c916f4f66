package io.hardbake.hygiene;

import io.hardbake.image.Finding;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What must not be there by its path alone. The resource {@code forbidden.txt} has a line for each:
 *
 * <pre>
 *   RULE WHAT GLOB the problem in words
 * </pre>
 *
 * WHAT is {@code any} for all that can have a path, {@code file} for all but directories and
 * symbolic links, {@code filled} for files that are not empty.
 */
final class ForbiddenPaths {
  private static final List<Line> LINES = read(Lines.resource("forbidden.txt"));

  private ForbiddenPaths() {}

  private enum What {
    ANY,
    FILE,
    FILLED;

    boolean is(Entry entry) {
      return switch (this) {
        case ANY -> true;
        case FILE -> !(entry instanceof Directory) && !(entry instanceof Symlink);
        case FILLED ->
            entry instanceof HardLink
                || (entry instanceof RegularFile file && file.content().size().bytes() > 0);
      };
    }
  }

  private record Line(Rule rule, What what, Glob glob, String problem) {}

  private static List<Line> read(Lines text) {
    return text.lines().stream()
        .map(
            line ->
                new Line(
                    Rule.valueOf(line.words().get(0)),
                    What.valueOf(line.words().get(1).toUpperCase(Locale.ROOT)),
                    Glob.of(line.words().get(2)),
                    line.rest(3)))
        .toList();
  }

  /** The first line that speaks against an entry decides. */
  static List<Finding> check(Subject subject) throws IOException {
    Set<String> waiting = WaitingConffiles.of(subject);
    List<Finding> findings = new ArrayList<>();
    subject
        .tree()
        .entries()
        .forEach(
            (path, entry) -> {
              if (!waiting.contains(path.value())) {
                check(path, entry, "", findings);
              }
            });
    for (Subject.Hidden each : subject.hidden()) {
      // One that a recipe removes waits in the layer below still.
      if (!waiting.contains(each.path().value())) {
        check(each.path(), each.entry(), " (in " + each.place() + ")", findings);
      }
    }
    return findings;
  }

  private static void check(AbsolutePath path, Entry entry, String place, List<Finding> findings) {
    for (Line line : LINES) {
      if (line.what.is(entry) && line.glob.matches(path)) {
        findings.add(line.rule.finding(path.value(), line.problem + place));
        return;
      }
    }
  }
}
