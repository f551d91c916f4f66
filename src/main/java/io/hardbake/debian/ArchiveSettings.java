package io.hardbake.debian;

import io.hardbake.debian.trust.Keyring;
import io.hardbake.image.Architecture;
import java.util.List;

/**
 * Which archive to read, and whose word to take for it.
 *
 * @param suites all are read; earlier ones win where priority and version are equal
 * @param components such as {@code main}
 */
public record ArchiveSettings(
    List<Suite> suites, List<String> components, Architecture architecture, Keyring keyring) {
  public ArchiveSettings {
    suites = List.copyOf(suites);
    components = List.copyOf(components);
  }

  /** A release with its updates and security suites, main only, Debian's own keys. */
  public static ArchiveSettings debian(String codename, Mirror mirror, Architecture architecture) {
    return new ArchiveSettings(
        List.of(
            new Suite(codename, mirror.main(), Origin.DEFAULT_PRIORITY),
            new Suite(codename + "-updates", mirror.main(), Origin.DEFAULT_PRIORITY),
            new Suite(codename + "-security", mirror.security(), Origin.DEFAULT_PRIORITY)),
        List.of("main"),
        architecture,
        Keyring.debian());
  }

  public ArchiveSettings withKeyring(Keyring other) {
    return new ArchiveSettings(suites, components, architecture, other);
  }
}
