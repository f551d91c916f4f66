package io.hardbake.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows whose columns line up. What comes out of a file and is no printable character is shown as an
 * octal escape, so that no image can write to a terminal.
 */
final class Table {
  private static final String GAP = "  ";

  private final boolean[] right;
  private final List<Row> rows = new ArrayList<>();

  private record Row(List<String> cells, Map<String, Object> fields) {}

  /** A table with a column for each letter: {@code r} stands right-aligned, {@code l} left. */
  Table(String alignment) {
    right = new boolean[alignment.length()];
    for (int i = 0; i < right.length; i++) {
      right[i] = alignment.charAt(i) == 'r';
    }
  }

  /** Adds a row; {@code fields} is what it says to machines, nothing where it is for people. */
  void add(Map<String, Object> fields, Object... cells) {
    rows.add(new Row(Stream.of(cells).map(cell -> printable(cell.toString())).toList(), fields));
  }

  void print(Console console) {
    int[] widths = new int[right.length];
    for (Row row : rows) {
      for (int i = 0; i < row.cells.size(); i++) {
        widths[i] = Math.max(widths[i], row.cells.get(i).length());
      }
    }
    for (Row row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.cells.size(); i++) {
        String space = " ".repeat(widths[i] - row.cells.get(i).length());
        line.append(GAP).append(right[i] ? space + row.cells.get(i) : row.cells.get(i) + space);
      }
      if (row.fields.isEmpty()) {
        console.heading(line.toString().stripTrailing());
      } else {
        console.result(line.toString().stripTrailing(), row.fields);
      }
    }
  }

  static String printable(String text) {
    if (text.codePoints().noneMatch(Table::isControl)) {
      return text;
    }
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isControl(c)) {
                printable.append("\\%03o".formatted(c));
              } else {
                printable.appendCodePoint(c);
              }
            });
    return printable.toString();
  }

  /** The same of a text that has lines. */
  static String printableLines(String text) {
    return text.lines().map(Table::printable).collect(Collectors.joining("\n"));
  }

  /** Control characters, and those that turn the direction of writing. */
  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
