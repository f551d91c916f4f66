package io.hardbake.lock;

import io.hardbake.image.Architecture;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the Kubernetes sources take in. Which of them a bake uses depends on what it can reach, so
 * each is locked.
 *
 * @param version of the official release, such as {@code v1.18.6}
 * @param tarballs the SHA-512 of the release's server tarball for each architecture: 128 lower-case
 *     hexadecimal digits
 * @param debianSource the stand-in that is built where the release cannot be reached
 */
public record LockedKubernetes(
    String version, SortedMap<Architecture, String> tarballs, Optional<Build> debianSource) {

  public LockedKubernetes {
    tarballs = Collections.unmodifiableSortedMap(new TreeMap<>(tarballs));
  }

  /**
   * Debian's source package, and what compiles it.
   *
   * @param version the source package's version
   * @param orig upstream's tarball
   * @param packaging Debian's tarball, which holds the patches
   * @param toolchains for each architecture that a bake may run on
   */
  public record Build(
      String version,
      LockedFile orig,
      LockedFile packaging,
      SortedMap<Architecture, Toolchain> toolchains) {
    public Build {
      toolchains = Collections.unmodifiableSortedMap(new TreeMap<>(toolchains));
    }
  }

  /**
   * Packages of one architecture.
   *
   * @param version the compiler's
   * @param compiler Go's programs
   * @param library Go's own packages as source
   * @param reflect2 the one dependency that is replaced
   */
  public record Toolchain(
      String version, LockedFile compiler, LockedFile library, LockedFile reflect2) {}
}
