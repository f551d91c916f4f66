package io.hardbake.cli;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a command whose reader went away, as SIGPIPE ends other programs: the JVM ignores that
 * signal, and a {@code PrintWriter} keeps to itself that it failed.
 */
final class BrokenPipe {
  private final PrintWriter out;
  private final Thread command = Thread.currentThread();
  private final AtomicBoolean broken = new AtomicBoolean();

  /** Watches over the thread that makes it, which is the command's. */
  BrokenPipe(PrintWriter out) {
    this.out = out;
  }

  /** Looks, after something was written, from any thread; interrupts the command once. */
  void look() {
    if (out.checkError() && broken.compareAndSet(false, true)) {
      command.interrupt();
    }
  }

  /** Whether that is why the command was interrupted. */
  boolean isFound() {
    return broken.get();
  }
}
