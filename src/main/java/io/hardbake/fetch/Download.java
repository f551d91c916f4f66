package io.hardbake.fetch;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.net.URI;
import java.util.List;

/**
 * A file to be had, known by its digest before it is there.
 *
 * @param what its name for people: {@code "etcd-server_3.4.23-4+b4_amd64.deb"}
 * @param candidates where it may be had, best first: {@code http}, {@code https} or {@code file}
 * @param size exactly how large it is; a longer body is cut off there and refused
 */
public record Download(String what, List<URI> candidates, Size size, Sha256 sha256) {
  public Download {
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("nowhere to get " + what + " from");
    }
  }
}
