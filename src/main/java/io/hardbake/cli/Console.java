package io.hardbake.cli;

import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.PrintWriter;
import java.util.Map;

/** What a command shows while it works, and what it has to say at its end. */
interface Console extends Progress, AutoCloseable {
  /**
   * A line of the command's result.
   *
   * @param fields what the line says, for machines
   */
  void result(String line, Map<String, Object> fields);

  /** A line of the command's result that says all by itself. */
  default void result(String line) {
    result(line, Map.of());
  }

  /** A line that explains the result to a person; a machine has the fields for that. */
  void heading(String line);

  /** What a result says to machines alone: people have it in other lines. */
  default void record(Map<String, Object> fields) {}

  @Override
  void close();

  /** How a person or a machine wants to be told. */
  enum Style {
    /** Bars that move, for a terminal. */
    TERMINAL,
    /** A line for each thing that took its time. */
    PLAIN,
    /** Warnings and results only. */
    QUIET,
    /** One JSON object a line, for machines. */
    JSON
  }

  static Console of(Style style, PrintWriter out, PrintWriter err) {
    return switch (style) {
      case TERMINAL ->
          // The launcher knows how wide it is; Java does not.
          new TerminalConsole(out, err, Integer.getInteger("hardbake.columns", 0));
      case PLAIN -> new PlainConsole(out, err, true);
      case QUIET -> new PlainConsole(out, err, false);
      case JSON -> new JsonConsole(out);
    };
  }

  /** A problem and its remedy for people, in as many lines as they have. */
  static String told(String problem, String remedy) {
    return Table.printableLines(problem)
        + "\n  remedy: "
        + Table.printableLines(remedy).replace("\n", "\n          ");
  }

  /** {@code 1.2 s}, or {@code 3 min 5 s}. */
  static String seconds(long nanos) {
    double seconds = nanos / 1e9;
    return seconds < 60
        ? String.format(java.util.Locale.ROOT, "%.1f s", seconds)
        : "%d min %d s".formatted((long) seconds / 60, (long) seconds % 60);
  }

  /** A size for a message, or nothing where it is not known. */
  static String suffix(Size total) {
    return total.bytes() == 0 ? "" : " (" + total + ")";
  }
}
