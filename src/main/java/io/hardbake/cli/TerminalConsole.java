package io.hardbake.cli;

import io.hardbake.io.Size;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Bars at the foot of a terminal: one line for each piece of work under way, the oldest first,
 * redrawn in place by ECMA-48 control sequences; what is worth keeping scrolls above them.
 */
final class TerminalConsole implements Console {
  private static final int MOST_BARS = 6;
  private static final int BAR_WIDTH = 24;
  private static final int NAME_WIDTH = 42;
  private static final long REDRAW_NANOS = 80_000_000;

  private static final String ERASE_LINE = "\033[2K";
  private static final String CURSOR_UP = "\033[1A";

  private final PrintWriter out;
  private final PrintWriter err;
  private final Set<Bar> bars = new LinkedHashSet<>();
  private int drawn;
  private long lastDraw;

  TerminalConsole(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
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
    above("warning: " + problem + "\n  remedy: " + remedy.replace("\n", "\n          "));
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
      err.println(bar.line());
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
      this.what = what;
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
      String name = what.length() > NAME_WIDTH ? what.substring(0, NAME_WIDTH - 1) + "…" : what;
      String padded = name + " ".repeat(NAME_WIDTH - name.length());
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
