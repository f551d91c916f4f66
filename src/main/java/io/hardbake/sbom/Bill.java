package io.hardbake.sbom;

import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What one root file system is made of.
 *
 * @param packages in the order of their names
 * @param programs Kubernetes' own, in the order of their names
 */
public record Bill(
    Subject subject,
    Distribution distribution,
    List<DebianPart> packages,
    List<KubernetesPart> programs) {
  /** Grows when {@link Sbom} makes another document of an equal bill. */
  private static final int FORM = 1;

  public Bill {
    packages = packages.stream().sorted(Comparator.comparing(DebianPart::name)).toList();
    programs = programs.stream().sorted(Comparator.comparing(KubernetesPart::name)).toList();
  }

  /**
   * What the bill is of.
   *
   * @param role such as {@code controller}
   * @param kind what has the role
   * @param version of Kubernetes, true
   * @param lock the digest of all that shaped the lock
   * @param created the one time that all outputs carry
   * @param tool the version of hardbake
   */
  public record Subject(
      String role,
      Kind kind,
      Architecture architecture,
      String version,
      Sha256 lock,
      Instant created,
      String tool) {}

  /** What has a root file system. */
  public enum Kind {
    IMAGE(""),
    DISK("-disk"),
    BOX("-box");

    private final String suffix;

    Kind(String suffix) {
      this.suffix = suffix;
    }

    /** What the names of its documents have behind role and architecture. */
    public String suffix() {
      return suffix;
    }
  }

  /**
   * The operating system, as scanners look for it.
   *
   * @param id such as {@code debian}
   * @param version such as {@code 12}, or a codename where the system does not number itself
   */
  public record Distribution(String id, String version) {
    /** As package URLs name it: {@code debian-12}. */
    String word() {
      return id + "-" + version;
    }
  }

  /** The digest of all that the document depends on; equal bills have equal documents. */
  public Sha256 identity() {
    StringBuilder text = new StringBuilder("sbom " + FORM + "\n");
    text.append(subject).append('\n').append(distribution).append('\n');
    packages.forEach(part -> text.append(part.identity()).append('\n'));
    programs.forEach(part -> text.append(part).append('\n'));
    return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
