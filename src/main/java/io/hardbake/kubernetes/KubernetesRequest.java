package io.hardbake.kubernetes;

import io.hardbake.failure.UsageException;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha512;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * What a bake asks for.
 *
 * @param version the release wanted; debian-source gives the one that Debian has, whatever stands
 *     here
 * @param mirror an address of scheme file, http or https, whose directory holds {@code
 *     <version>/kubernetes-server-linux-<arch>.tar.gz}
 * @param pin the server tarball's SHA-512 as the lock has it; goes before hardbake's own pins
 * @param offline whether only the store may be used
 */
public record KubernetesRequest(
    KubernetesVersion version,
    Architecture architecture,
    Choice choice,
    Optional<URI> mirror,
    Optional<Sha512> pin,
    boolean offline) {

  /** Which sources may answer. */
  public enum Choice {
    /** A named mirror, else the release host, else debian-source with a warning. */
    AUTO,
    /** The release's own bytes or a failure: a named mirror, else the release host. */
    RELEASE,
    /** The named mirror or a failure. */
    MIRROR,
    /** Compiled from Debian's source package, without asking anybody else. */
    DEBIAN_SOURCE;

    /** The choice that {@code --kubernetes} names. */
    public static Choice parse(String word) throws UsageException {
      for (Choice choice : values()) {
        if (choice.toString().equals(word)) {
          return choice;
        }
      }
      throw new UsageException(
          "there is no source of Kubernetes called '" + word + "'",
          "use --kubernetes auto, release, mirror or debian-source");
    }

    /** As the command line writes it: {@code debian-source}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public KubernetesRequest withChoice(Choice newChoice) {
    return new KubernetesRequest(version, architecture, newChoice, mirror, pin, offline);
  }
}
