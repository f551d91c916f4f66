package io.hardbake.recipe;

import io.hardbake.image.Architecture;
import io.hardbake.io.Sha512;
import io.hardbake.kubernetes.KubernetesVersion;
import java.net.URI;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which Kubernetes a role gets.
 *
 * @param version the release that is asked for
 * @param binaries those that the role installs into {@code /usr/local/bin}; empty: none
 * @param mirror a directory or URL laid out like the release host
 * @param sha512 the server tarball's digest, for a version that hardbake has no pin for
 */
public record KubernetesSettings(
    KubernetesVersion version,
    SortedSet<String> binaries,
    Optional<URI> mirror,
    Map<Architecture, Sha512> sha512) {

  public KubernetesSettings {
    binaries = Collections.unmodifiableSortedSet(new TreeSet<>(binaries));
    sha512 = Collections.unmodifiableMap(new TreeMap<>(sha512));
  }
}
