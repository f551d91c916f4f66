package io.hardbake.credentials;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes, renews and inspects a directory of credentials. Each change happens as a whole: a failure
 * or a kill leaves the old set, the new set, or one that lacks ca.pem and so cannot be used by
 * anything, until the next call of {@link #make}, {@link #replace} or {@link #renew} finishes it.
 */
public final class Credentials {
  private final InstantSource clock;
  private final SecureRandom random;

  public Credentials(InstantSource clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** With this machine's clock and randomness. */
  public static Credentials ofThisMachine() {
    return new Credentials(Clock.systemUTC(), new SecureRandom());
  }

  /**
   * Makes all files anew in {@code directory}, which is made with mode 0700 when it is missing.
   *
   * @throws UsageException when one of the files is there already; nothing was changed then
   */
  public Inventory make(Path directory, CredentialRequest request)
      throws BakeException, IOException {
    request.check();
    Staging.refuseExisting(directory);
    try (Staging staging = Staging.open(directory)) {
      Staging.refuseExisting(directory);
      staging.publish(issuance().make(request));
    }
    return inspect(directory);
  }

  /** The same, but whatever stands there gives way: a new CA, which nothing of the old trusts. */
  public Inventory replace(Path directory, CredentialRequest request)
      throws BakeException, IOException {
    request.check();
    try (Staging staging = Staging.open(directory)) {
      staging.publish(issuance().make(request));
    }
    return inspect(directory);
  }

  /**
   * Issues new certificates from the CA that is there, with new keys. The service-account key
   * stays, since a new one would make every token of the cluster worthless, and so does the
   * encryption key, since what it encrypted could not be read any more.
   */
  public Inventory renew(Path directory, Renewal renewal) throws BakeException, IOException {
    CredentialRequest.checkValidity(renewal.leafValidity());
    Staging.requireDirectory(directory);
    try (Staging staging = Staging.open(directory)) {
      Map<CredentialFile, byte[]> old = staging.read();
      staging.publish(issuance().renew(directory, old, renewal));
    }
    return inspect(directory);
  }

  /** Looks at what is there; changes nothing. */
  public Inventory inspect(Path directory) throws BakeException, IOException {
    Staging.requireDirectory(directory);
    return new Inspector(directory, clock.instant()).inspect();
  }

  /** Sees to the end what was interrupted in {@code directory}; does nothing where nothing was. */
  public static void finish(Path directory) throws BakeException, IOException {
    if (Staging.isInterrupted(directory) || Staging.isGivenUp(directory)) {
      Staging.open(directory).close();
    }
  }

  /** Whether any of the files is there, be the set whole or not. */
  public static boolean hasAny(Path directory) {
    return !Staging.present(directory).isEmpty();
  }

  /**
   * Lets nobody take credentials for missing that he may not see.
   *
   * @throws HostException if the directory is there and this user may not look into it
   */
  public static void requireReadable(Path directory) throws HostException {
    Staging.requireReadable(directory);
  }

  /** Makes a directory for credentials, with mode 0700, where there is none. */
  public static void makeDirectory(Path directory) throws BakeException, IOException {
    Staging.makeDirectory(directory);
  }

  /** The files that a controller needs, in /var/lib/kubernetes. */
  public static List<Path> controllerFiles(Path directory) {
    return CredentialFile.onController().stream()
        .map(file -> directory.resolve(file.fileName()))
        .collect(Collectors.toList());
  }

  private Issuance issuance() {
    return new Issuance(clock.instant().truncatedTo(ChronoUnit.SECONDS), random);
  }
}
