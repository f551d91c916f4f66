package io.hardbake.debian.unpack;

import java.io.IOException;

/** A pack is not as it was written; it can be made again from its package. */
final class DamagedPackException extends IOException {
  DamagedPackException(String problem) {
    super(problem);
  }

  DamagedPackException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
