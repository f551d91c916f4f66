package io.hardbake.attestation;

import io.hardbake.io.Sha256;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file that a statement names by its digest.
 *
 * @param name as people know it
 * @param uri where it is had from, whoever serves it; a package URL where there is one
 * @param digest algorithm ({@code sha256}, {@code sha512}) to lower-case hexadecimal digits
 * @param annotations what else is known
 * @see <a
 *     href="https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md">in-toto
 *     ResourceDescriptor v1</a>
 */
public record Resource(
    String name,
    Optional<String> uri,
    SortedMap<String, String> digest,
    SortedMap<String, String> annotations) {

  public Resource {
    digest = Collections.unmodifiableSortedMap(new TreeMap<>(digest));
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
    if (digest.isEmpty()) {
      throw new IllegalArgumentException("without a digest: " + name);
    }
  }

  /** A file of which no more is to be said. */
  public static Resource of(String name, Sha256 sha256) {
    return new Resource(
        name, Optional.empty(), new TreeMap<>(Map.of("sha256", sha256.hex())), new TreeMap<>());
  }
}
