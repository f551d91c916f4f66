package io.hardbake.lock;

import java.util.List;
import java.util.Optional;

/**
 * What the Kubernetes sources take in. Which of them a bake uses depends on what it can reach; each
 * is locked.
 *
 * @param version of the official release, such as {@code v1.18.6}
 * @param tarballSha512 of the release's server tarball, 128 lower-case hexadecimal digits
 * @param debianSource the stand-in built from Debian's source package, where the recipes allow it
 */
public record LockedKubernetes(String version, String tarballSha512, Optional<Build> debianSource) {

  /**
   * Debian's source package and the toolchain that compiles it.
   *
   * @param version the source package's version
   */
  public record Build(String version, List<LockedFile> sources, List<LockedPackage> toolchain) {
    public Build {
      sources = List.copyOf(sources);
      toolchain = List.copyOf(toolchain);
    }
  }
}
