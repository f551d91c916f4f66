package io.hardbake.cli;

import io.hardbake.artifact.Difference;
import io.hardbake.artifact.Difference.Change;
import io.hardbake.artifact.Difference.Event;
import io.hardbake.artifact.Difference.PathChange;
import io.hardbake.artifact.Difference.ValueChange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What {@code hardbake diff} prints: packages first, then facts, layers and paths. */
final class DiffReport {
  private static final int DIGEST = 64;
  private static final int SHORT_DIGEST = 12;

  private final Console console;
  private final int limit;
  private final boolean details;

  DiffReport(Console console, int limit, boolean details) {
    this.console = console;
    this.limit = limit;
    this.details = details;
  }

  void print(Path before, Path after, Difference difference) {
    Map<String, Object> fields = record("summary");
    fields.put("before", before.toString());
    fields.put("after", after.toString());
    fields.put("equal", difference.isEmpty());
    fields.put("packages", difference.packages().size());
    fields.put("facts", difference.facts().size());
    fields.put("layers", difference.layers().size());
    fields.put("paths", difference.paths().size());
    String both = Table.printable(before + " and " + after);
    console.result(
        difference.isEmpty() ? both + " do not differ" : both + " differ: " + summary(difference),
        fields);
    if (details) {
      values("packages", difference.packages());
      values("facts", difference.facts());
      values("layers", difference.layers());
      paths(difference.paths());
      difference.bytes().ifPresent(this::bytes);
    }
  }

  private static String summary(Difference difference) {
    if (difference.bytes().isPresent()) {
      return "in bytes that carry nothing, first at " + difference.bytes().get();
    }
    List<String> parts = new ArrayList<>();
    add(parts, difference.packages().size(), "package");
    add(parts, difference.facts().size(), "fact");
    add(parts, difference.layers().size(), "layer");
    add(parts, difference.paths().size(), "path");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, int count, String noun) {
    if (count > 0) {
      parts.add(count + " " + noun + (count == 1 ? "" : "s"));
    }
  }

  private void bytes(String place) {
    Map<String, Object> fields = record("bytes");
    fields.put("place", place);
    console.record(fields);
  }

  private void values(String title, List<ValueChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    console.heading("");
    console.heading("%s: %s".formatted(title, counts(changes)));
    Table table = new Table("lll");
    for (ValueChange each : changes) {
      Map<String, Object> fields = record(title.substring(0, title.length() - 1));
      fields.put("name", each.name());
      fields.put("change", word(each.event()));
      put(fields, each.change());
      table.add(fields, mark(each.event()), each.name(), text(each.change()));
    }
    table.print(console);
  }

  private static String counts(List<ValueChange> changes) {
    List<String> parts = new ArrayList<>();
    for (Event event : Event.values()) {
      long count = changes.stream().filter(each -> each.event() == event).count();
      if (count > 0) {
        parts.add(count + " " + word(event));
      }
    }
    return String.join(", ", parts);
  }

  /** For people, a directory that came or went stands for all in it. */
  private void paths(List<PathChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    console.heading("");
    console.heading("paths");
    int shown = 0;
    PathChange whole = null;
    for (int i = 0; i < changes.size(); i++) {
      PathChange each = changes.get(i);
      boolean covered = whole != null && isWithin(each, whole);
      whole = covered ? whole : isWhole(each) ? each : null;
      if (!covered) {
        shown++;
      }
      console.record(fields(each));
      if (!covered && shown <= limit) {
        show(line(each, below(changes, i)), each);
      }
    }
    if (shown > limit) {
      console.heading("  … %d more; --limit 0 shows all".formatted(shown - limit));
    }
  }

  private void show(String line, PathChange change) {
    console.heading(line);
    if (change.event() == Event.CHANGED) {
      change
          .attributes()
          .forEach((name, each) -> console.heading("      %s: %s".formatted(name, text(each))));
      change.excerpt().forEach(text -> console.heading("      " + Table.printable(text)));
    }
  }

  private static boolean isWhole(PathChange change) {
    return change.event() != Event.CHANGED && "directory".equals(attribute(change, "type"));
  }

  private static boolean isWithin(PathChange change, PathChange directory) {
    return change.event() == directory.event()
        && change.tree().equals(directory.tree())
        && change.path().isBelow(directory.path());
  }

  private static long below(List<PathChange> changes, int at) {
    PathChange directory = changes.get(at);
    Predicate<PathChange> within = change -> isWithin(change, directory);
    return isWhole(directory)
        ? changes.subList(at + 1, changes.size()).stream().takeWhile(within).count()
        : 0;
  }

  private static String line(PathChange change, long below) {
    String efi = change.tree().equals("root") ? "" : change.tree() + ":";
    String line =
        "  %s %s%s".formatted(mark(change.event()), efi, Table.printable(change.path().value()));
    if (change.event() == Event.CHANGED) {
      return line;
    }
    String what =
        "%s %s %s"
            .formatted(
                attribute(change, "type"), attribute(change, "mode"), attribute(change, "owner"));
    String size = attribute(change, "size");
    return line
        + "  "
        + what.strip()
        + (size.isEmpty() ? "" : ", " + size + " bytes")
        + (below == 0 ? "" : ", with " + below + " below");
  }

  private static String attribute(PathChange change, String name) {
    Change value = change.attributes().get(name);
    return value == null ? "" : value.before().or(value::after).orElse("");
  }

  private static Map<String, Object> fields(PathChange change) {
    Map<String, Object> fields = record("path");
    fields.put("tree", change.tree());
    fields.put("path", change.path().value());
    fields.put("change", word(change.event()));
    Map<String, Object> attributes = new LinkedHashMap<>();
    change
        .attributes()
        .forEach(
            (name, each) -> {
              Map<String, Object> values = new LinkedHashMap<>();
              put(values, each);
              attributes.put(name, values);
            });
    fields.put("attributes", attributes);
    if (!change.excerpt().isEmpty()) {
      fields.put("excerpt", change.excerpt());
    }
    return fields;
  }

  private static void put(Map<String, Object> fields, Change change) {
    change.before().ifPresent(value -> fields.put("before", value));
    change.after().ifPresent(value -> fields.put("after", value));
  }

  private static String text(Change change) {
    String before = shown(change.before().orElse(null));
    String after = shown(change.after().orElse(null));
    if (before.isEmpty() || after.isEmpty()) {
      return before + after;
    }
    return before + " -> " + after;
  }

  private static String shown(@Nullable String value) {
    if (value == null) {
      return "";
    }
    String bare = value.startsWith("sha256:") ? value.substring("sha256:".length()) : value;
    boolean digest = bare.length() >= DIGEST && bare.substring(0, DIGEST).matches("[0-9a-f]{64}");
    return digest
        ? bare.substring(0, SHORT_DIGEST) + "…" + bare.substring(DIGEST)
        : Table.printable(value);
  }

  private static String mark(Event event) {
    return switch (event) {
      case ADDED -> "+";
      case REMOVED -> "-";
      case CHANGED -> "~";
    };
  }

  private static String word(Event event) {
    return event.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> record(String name) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("record", name);
    return fields;
  }
}
