package io.hardbake.cli;

import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.PrintWriter;

/** What a command shows while it works, and what it has to say at its end. */
interface Console extends Progress, AutoCloseable {
  /** A line of the command's result. */
  void result(String line);

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
      case TERMINAL -> new TerminalConsole(out, err);
      case PLAIN -> new PlainConsole(out, err, true);
      case QUIET -> new PlainConsole(out, err, false);
      case JSON -> new JsonConsole(out);
    };
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
