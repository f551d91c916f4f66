package io.hardbake.cli;

import io.hardbake.io.Size;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Bars at the foot of a terminal: one line for each piece of work under way, the oldest first,
 * redrawn in place by ECMA-48 control sequences; what is worth keeping scrolls above them. No bar
 * takes two lines of the screen: it is made for the terminal's width, and where the window became
 * narrower since, its end is cut off.
 */
final class TerminalConsole implements Console {
  private static final int MOST_BARS = 6;
  private static final int BAR_WIDTH = 24;
  private static final int MOST_NAME = 42;
  private static final int LEAST_NAME = 12;
  private static final int USUAL_COLUMNS = 80;

  /** What stands beside a name: the bar in its brackets, and how much there is of how much. */
  private static final int BESIDE = BAR_WIDTH + " [] 1023.9 MiB of 1023.9 MiB".length();

  private static final long REDRAW_NANOS = 80_000_000;

  private static final String ERASE_LINE = "\033[2K";
  private static final String CURSOR_UP = "\033[1A";

  /** DECAWM of DEC's terminals, and of all that came after: the margin ends a line, or wraps it. */
  private static final String CUT_OFF = "\033[?7l";

  private static final String WRAP = "\033[?7h";

  private final PrintWriter out;
  private final PrintWriter err;
  private final Set<Bar> bars = new LinkedHashSet<>();
  private final int width;
  private final int nameWidth;
  private int drawn;
  private long lastDraw;

  /** {@code columns} is how wide the terminal is; zero where nobody knows. */
  TerminalConsole(PrintWriter out, PrintWriter err, int columns) {
    this.out = out;
    this.err = err;
    // Some terminals wrap when the last column is written, not after it.
    this.width = (columns > 0 ? columns : USUAL_COLUMNS) - 1;
    this.nameWidth = Math.max(LEAST_NAME, Math.min(MOST_NAME, width - BESIDE));
  }

  @Override
  public synchronized Task begin(String what, Size total) {
    Bar bar = new Bar(what, total);
    bars.add(bar);
    redraw(false);
    return bar;
  }

  @Override
  public void note(String line) {
    above(line);
  }

  @Override
  public void warn(String problem, String remedy) {
    above("warning: " + Console.told(problem, remedy));
  }

  @Override
  public synchronized void result(String line, Map<String, Object> fields) {
    erase();
    err.flush();
    out.println(line);
    out.flush();
  }

  @Override
  public void heading(String line) {
    result(line);
  }

  @Override
  public synchronized void close() {
    erase();
    err.flush();
  }

  private synchronized void above(String line) {
    erase();
    err.println(line);
    redraw(true);
  }

  private void redraw(boolean now) {
    long time = System.nanoTime();
    if (!now && time - lastDraw < REDRAW_NANOS) {
      return;
    }
    lastDraw = time;
    erase();
    for (Bar bar : bars) {
      if (drawn == MOST_BARS) {
        break;
      }
      String line = bar.line();
      // In one piece, so that whoever is killed leaves the terminal as it was.
      err.println(CUT_OFF + line.substring(0, Math.min(width, line.length())) + WRAP);
      drawn++;
    }
    err.flush();
  }

  private void erase() {
    for (; drawn > 0; drawn--) {
      err.print(CURSOR_UP + ERASE_LINE);
    }
    err.print("\r");
  }

  private final class Bar implements Task {
    private final String what;
    private final Size total;
    private final long start = System.nanoTime();
    private long done;

    Bar(String what, Size total) {
      this.what = Table.printable(what); // it may name what a foreign image says
      this.total = total;
    }

    @Override
    public void advance(long bytes) {
      synchronized (TerminalConsole.this) {
        done += bytes;
        redraw(false);
      }
    }

    @Override
    public void close() {
      synchronized (TerminalConsole.this) {
        if (bars.remove(this) && total.bytes() == 0) {
          above(what + ": " + Console.seconds(System.nanoTime() - start));
        }
        redraw(false);
      }
    }

    String line() {
      String name = what.length() > nameWidth ? what.substring(0, nameWidth - 1) + "…" : what;
      String padded = name + " ".repeat(nameWidth - name.length());
      if (total.bytes() == 0) {
        return padded + " " + Console.seconds(System.nanoTime() - start);
      }
      int filled = (int) (Math.min(done, total.bytes()) * BAR_WIDTH / total.bytes());
      return padded
          + " ["
          + "#".repeat(filled)
          + "-".repeat(BAR_WIDTH - filled)
          + "] "
          + new Size(done)
          + " of "
          + total;
    }
  }
}
