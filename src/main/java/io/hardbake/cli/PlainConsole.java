package io.hardbake.cli;

import io.hardbake.io.Size;
import java.io.PrintWriter;
import java.util.Map;

/** Lines for logs: steps when they end, large downloads, notes and warnings. */
final class PlainConsole implements Console {
  /** Smaller downloads are too many to be told one by one. */
  private static final Size WORTH_A_LINE = Size.mib(8);

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean talkative;

  PlainConsole(PrintWriter out, PrintWriter err, boolean talkative) {
    this.out = out;
    this.err = err;
    this.talkative = talkative;
  }

  @Override
  public Task begin(String what, Size total) {
    long start = System.nanoTime();
    return new Task() {
      @Override
      public void advance(long bytes) {}

      @Override
      public void close() {
        boolean step = total.bytes() == 0;
        if (talkative && (step || total.compareTo(WORTH_A_LINE) >= 0)) {
          line(
              Table.printable(what)
                  + Console.suffix(total)
                  + ": "
                  + Console.seconds(System.nanoTime() - start));
        }
      }
    };
  }

  @Override
  public void note(String text) {
    if (talkative) {
      line(text);
    }
  }

  @Override
  public void warn(String problem, String remedy) {
    line("warning: " + Console.told(problem, remedy));
  }

  @Override
  public synchronized void result(String text, Map<String, Object> fields) {
    out.println(text);
  }

  @Override
  public void heading(String text) {
    result(text);
  }

  @Override
  public void close() {
    out.flush();
    err.flush();
  }

  private synchronized void line(String text) {
    err.println(text);
    err.flush();
  }
}
