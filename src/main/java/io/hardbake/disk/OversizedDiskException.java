package io.hardbake.disk;

import java.io.IOException;

/**
 * A disk has more on it than this Java machine has memory for; whether it is sound is not known.
 * The message says what there is too much of. An {@link IOException} so that it passes through
 * streams; the caller says which file it is about.
 */
public final class OversizedDiskException extends IOException {
  public OversizedDiskException(String problem) {
    super(problem);
  }
}
