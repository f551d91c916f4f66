package io.hardbake.credentials;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a directory of credentials holds, and what is wrong with it.
 *
 * @param certificates those that could be read
 * @param problems what makes the set unusable: something missing, damaged, expired, or not fitting
 *     together
 * @param warnings what works today but wants attention
 * @param renewable whether nothing is wrong but that certificates expired, and not the CA's: new
 *     ones from the same CA mend that
 */
public record Inventory(
    List<Certificate> certificates,
    List<Finding> problems,
    List<Finding> warnings,
    boolean renewable) {

  public Inventory {
    certificates = List.copyOf(certificates);
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }

  /** Whether the credentials can be used now. */
  public boolean isSound() {
    return problems.isEmpty();
  }

  /** What is amiss, naming the files, and what to do about it. */
  public record Finding(String problem, String remedy) {
    /** Whether new certificates from the same CA mend it. */
    public boolean isMendedByRenewal() {
      return remedy.equals(Inspector.RENEW);
    }
  }

  /**
   * A certificate as it stands in a file.
   *
   * @param file the name of the file, or of the kubeconfig that embeds it
   * @param subject as of RFC 4514, like {@code issuer}
   * @param names the entries of subjectAltName, in the certificate's order
   * @param key such as {@code RSA 2048}
   */
  public record Certificate(
      String file,
      String subject,
      String issuer,
      Set<AlternativeName> names,
      String key,
      Instant notBefore,
      Instant notAfter) {

    /** Whole days left; negative once it expired. */
    public long daysLeft(Instant now) {
      return Math.floorDiv(Duration.between(now, notAfter).toSeconds(), 86_400L);
    }
  }
}
