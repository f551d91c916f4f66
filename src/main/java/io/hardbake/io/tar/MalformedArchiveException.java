package io.hardbake.io.tar;

import java.io.IOException;

/**
 * The bytes read are no archive of the announced form, or one that hardbake refuses. An {@link
 * IOException} so that it passes through streams; whoever opened the archive says which one it is
 * about.
 */
public class MalformedArchiveException extends IOException {
  public MalformedArchiveException(String problem) {
    super(problem);
  }

  public MalformedArchiveException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
