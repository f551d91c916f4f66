package io.hardbake.credentials;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.cert.X509CertificateHolder;

/** Works out the content of all files, new or renewed; writes none. */
final class Issuance {
  /** Those whose certificates renewal gives new keys, and where they go. */
  private record Pair(Profile profile, CredentialFile certificate, CredentialFile key) {}

  private static final List<Pair> PAIRS =
      List.of(
          new Pair(Profile.KUBERNETES, CredentialFile.KUBERNETES, CredentialFile.KUBERNETES_KEY),
          new Pair(
              Profile.CONTROLLER_MANAGER,
              CredentialFile.CONTROLLER_MANAGER,
              CredentialFile.CONTROLLER_MANAGER_KEY),
          new Pair(Profile.SCHEDULER, CredentialFile.SCHEDULER, CredentialFile.SCHEDULER_KEY),
          new Pair(Profile.ADMIN, CredentialFile.ADMIN, CredentialFile.ADMIN_KEY));

  private final Instant now;
  private final SecureRandom random;

  /** {@code now} has whole seconds, as certificates have. */
  Issuance(Instant now, SecureRandom random) {
    this.now = now;
    this.random = random;
  }

  Map<CredentialFile, byte[]> make(CredentialRequest request) throws BakeException, IOException {
    KeyKind kind = request.keyKind();
    Map<CredentialFile, byte[]> files = new EnumMap<>(CredentialFile.class);
    KeyPair caPair = kind.generate(random);
    Authority authority = Authority.create(caPair, now, random);
    files.put(CredentialFile.CA, Pem.write(authority.certificate()));
    files.put(CredentialFile.CA_KEY, Pem.write(caPair));
    files.put(CredentialFile.ENCRYPTION_CONFIG, EncryptionConfig.write(random));

    KeyPair accounts = kind.generate(random);
    files.put(CredentialFile.SERVICE_ACCOUNT_KEY, Pem.write(accounts));
    files.put(
        CredentialFile.SERVICE_ACCOUNT,
        Pem.write(
            authority.issue(
                Profile.SERVICE_ACCOUNT, accounts.getPublic(), Set.of(), request.leafValidity())));
    String remote = Kubeconfig.url(request.loadBalancer().preferred());
    issue(files, authority, kind, request.names(), request.leafValidity(), remote);
    return files;
  }

  /** Renews what {@code old} holds; {@code directory} is where it was read, for failures. */
  Map<CredentialFile, byte[]> renew(
      Path directory, Map<CredentialFile, byte[]> old, Renewal renewal)
      throws BakeException, IOException {
    Map<CredentialFile, byte[]> files = new EnumMap<>(CredentialFile.class);
    for (CredentialFile kept :
        List.of(
            CredentialFile.CA,
            CredentialFile.CA_KEY,
            CredentialFile.SERVICE_ACCOUNT_KEY,
            CredentialFile.ENCRYPTION_CONFIG)) {
      files.put(kept, require(directory, old, kept));
    }
    Authority authority =
        Authority.read(
            require(directory, old, CredentialFile.CA),
            require(directory, old, CredentialFile.CA_KEY),
            now,
            random);
    files.put(
        CredentialFile.SERVICE_ACCOUNT,
        Pem.write(
            authority.issue(
                Profile.SERVICE_ACCOUNT,
                accountsKey(directory, old),
                Set.of(),
                renewal.leafValidity())));

    X509CertificateHolder kubernetes =
        Pem.certificate(
            CredentialFile.KUBERNETES.fileName(),
            require(directory, old, CredentialFile.KUBERNETES));
    Set<AlternativeName> names =
        new LinkedHashSet<>(
            CertificateReader.names(CredentialFile.KUBERNETES.fileName(), kubernetes));
    renewal.loadBalancer().ifPresent(member -> names.addAll(member.names()));
    names.addAll(renewal.extraNames());
    KeyKind kind = KeyKind.of(Pem.publicKey(CredentialFile.KUBERNETES.fileName(), kubernetes));
    issue(files, authority, kind, names, renewal.leafValidity(), remote(directory, old, renewal));
    return files;
  }

  private void issue(
      Map<CredentialFile, byte[]> files,
      Authority authority,
      KeyKind kind,
      Set<AlternativeName> names,
      Duration validity,
      String remote)
      throws IOException {
    for (Pair pair : PAIRS) {
      KeyPair keys = kind.generate(random);
      Set<AlternativeName> own = pair.profile() == Profile.KUBERNETES ? names : Set.of();
      files.put(pair.key(), Pem.write(keys));
      files.put(
          pair.certificate(),
          Pem.write(authority.issue(pair.profile(), keys.getPublic(), own, validity)));
    }
    kubeconfig(files, 1, CredentialFile.CONTROLLER_MANAGER_KUBECONFIG, Kubeconfig.LOCAL);
    kubeconfig(files, 2, CredentialFile.SCHEDULER_KUBECONFIG, Kubeconfig.LOCAL);
    kubeconfig(files, 3, CredentialFile.ADMIN_KUBECONFIG, Kubeconfig.LOCAL);
    kubeconfig(files, 3, CredentialFile.REMOTE_KUBECONFIG, remote);
  }

  private static void kubeconfig(
      Map<CredentialFile, byte[]> files, int pair, CredentialFile target, String server) {
    Pair of = PAIRS.get(pair);
    files.put(
        target,
        new Kubeconfig(
                server,
                of.profile().user(),
                get(files, CredentialFile.CA),
                get(files, of.certificate()),
                get(files, of.key()))
            .write());
  }

  private static Bytes get(Map<CredentialFile, byte[]> files, CredentialFile file) {
    byte[] content = files.get(file);
    if (content == null) {
      throw new IllegalStateException("not made yet: " + file.fileName());
    }
    return Bytes.of(content);
  }

  private static PublicKey accountsKey(Path directory, Map<CredentialFile, byte[]> old)
      throws IntegrityException {
    CredentialFile certificate = CredentialFile.SERVICE_ACCOUNT;
    CredentialFile key = CredentialFile.SERVICE_ACCOUNT_KEY;
    PublicKey publicKey =
        Pem.publicKey(
            certificate.fileName(),
            Pem.certificate(certificate.fileName(), require(directory, old, certificate)));
    if (!KeyKind.matches(Pem.key(key.fileName(), require(directory, old, key)), publicKey)) {
      throw new IntegrityException(
          "service-account-key.pem is not the key of service-account.pem",
          "restore the two that belong together: the tokens of the cluster depend on them");
    }
    return publicKey;
  }

  private static String remote(Path directory, Map<CredentialFile, byte[]> old, Renewal renewal)
      throws IntegrityException {
    if (renewal.loadBalancer().isPresent()) {
      return Kubeconfig.url(renewal.loadBalancer().get().preferred());
    }
    CredentialFile file = CredentialFile.REMOTE_KUBECONFIG;
    return Optional.ofNullable(old.get(file))
        .flatMap(Kubeconfig::read)
        .map(Kubeconfig::server)
        .orElseThrow(
            () ->
                new IntegrityException(
                    directory.resolve(file.fileName()) + " does not say where the API is",
                    "say it with --load-balancer NAME=ADDRESS"));
  }

  private static byte[] require(
      Path directory, Map<CredentialFile, byte[]> old, CredentialFile file)
      throws IntegrityException {
    byte[] content = old.get(file);
    if (content == null) {
      throw new IntegrityException(
          directory.resolve(file.fileName()) + " is missing, so nothing can be renewed from it",
          "restore it from where you keep a copy, or make everything anew with --force");
    }
    return content;
  }
}
