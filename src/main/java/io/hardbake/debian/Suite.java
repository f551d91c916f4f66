package io.hardbake.debian;

import java.net.URI;
import java.util.List;

/**
 * A suite of an archive: what stands under {@code dists/<codename>}.
 *
 * @param mirrors base URIs, tried in order
 * @param priority apt's pin priority
 */
public record Suite(String codename, List<URI> mirrors, int priority) {
  public Suite {
    mirrors = List.copyOf(mirrors);
    if (mirrors.isEmpty()) {
      throw new IllegalArgumentException("a suite without a mirror: " + codename);
    }
  }
}
