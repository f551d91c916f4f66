package io.hardbake.fetch;

import io.hardbake.io.Sha512;
import io.hardbake.io.Size;
import java.net.URI;
import java.util.List;

/**
 * A body to be read as it comes and never kept whole, such as a release tarball of which a few
 * members are wanted.
 *
 * @param what its name for people
 * @param candidates where it may be had, best first
 * @param limit more bytes than this are refused
 * @param sha512 what the whole body must hash to
 */
public record PinnedStream(String what, List<URI> candidates, Size limit, Sha512 sha512) {
  public PinnedStream {
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("nowhere to get " + what + " from");
    }
  }
}
