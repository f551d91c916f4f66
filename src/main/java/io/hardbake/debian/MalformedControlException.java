package io.hardbake.debian;

import java.io.IOException;

/**
 * Control data that breaks the grammar of deb822(5), deb-control(5) or deb-version(7). Whoever
 * reads a file says in its own failure which file it was; this one says where in it and why.
 */
public final class MalformedControlException extends IOException {
  /** Of a value that was read on its own. */
  private static final long NO_LINE = 0;

  private final long line;
  private final String reason;

  public MalformedControlException(String reason) {
    this(NO_LINE, reason);
  }

  public MalformedControlException(long line, String reason) {
    super(line == NO_LINE ? reason : "line " + line + ": " + reason);
    this.line = line;
    this.reason = reason;
  }

  /** The first line of what is wrong, counted from 1; 0 of a value that was read on its own. */
  long line() {
    return line;
  }

  /** The same complaint about a value that turned out to stand at {@code line}. */
  MalformedControlException at(long where) {
    return line == NO_LINE ? new MalformedControlException(where, reason) : this;
  }
}
