package io.hardbake.disk;

import java.io.IOException;

/**
 * The bytes read are no disk, or nothing on one, of the form that they claim; the message says what
 * is wrong. An {@link IOException} so that it passes through streams; the caller says which file it
 * is about.
 */
public final class DamagedDiskException extends IOException {
  private final String problem;

  public DamagedDiskException(String problem) {
    super(problem);
    this.problem = problem;
  }

  public DamagedDiskException(String problem, Throwable cause) {
    super(problem, cause);
    this.problem = problem;
  }

  /** What is wrong. */
  public String problem() {
    return problem;
  }
}
