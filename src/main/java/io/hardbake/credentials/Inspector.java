package io.hardbake.credentials;

import io.hardbake.failure.IntegrityException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.jspecify.annotations.Nullable;

/** Judges a set of credentials as it stands: whether it is whole, in time, and fits together. */
final class Inspector {
  /** Time enough to renew without haste. */
  private static final Duration SOON = Duration.ofDays(30);

  private static final Map<CredentialFile, CredentialFile> KEYS =
      Map.of(
          CredentialFile.CA, CredentialFile.CA_KEY,
          CredentialFile.KUBERNETES, CredentialFile.KUBERNETES_KEY,
          CredentialFile.SERVICE_ACCOUNT, CredentialFile.SERVICE_ACCOUNT_KEY,
          CredentialFile.CONTROLLER_MANAGER, CredentialFile.CONTROLLER_MANAGER_KEY,
          CredentialFile.SCHEDULER, CredentialFile.SCHEDULER_KEY,
          CredentialFile.ADMIN, CredentialFile.ADMIN_KEY);

  private static final List<CredentialFile> KUBECONFIGS =
      List.of(
          CredentialFile.CONTROLLER_MANAGER_KUBECONFIG,
          CredentialFile.SCHEDULER_KUBECONFIG,
          CredentialFile.ADMIN_KUBECONFIG,
          CredentialFile.REMOTE_KUBECONFIG);

  private final Path directory;
  private final Instant now;
  private final List<Inventory.Certificate> certificates = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  Inspector(Path directory, Instant now) {
    this.directory = directory;
    this.now = now;
  }

  Inventory inspect() throws IOException {
    Map<CredentialFile, byte[]> files = Staging.read(directory);
    if (Staging.isInterrupted(directory)) {
      problems.add("an earlier change was interrupted: --renew or --force finishes it");
    }
    X509CertificateHolder ca = ca(files.get(CredentialFile.CA));
    for (CredentialFile file : CredentialFile.values()) {
      byte[] content = files.get(file);
      if (content == null) {
        problems.add(file.fileName() + " is missing");
        continue;
      }
      try {
        inspect(file, content, files, ca);
      } catch (IntegrityException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
      if (file.isSecret() && Staging.isOpenToOthers(directory.resolve(file.fileName()))) {
        warnings.add(file.fileName() + " can be read by others: chmod 600 " + file.fileName());
      }
    }
    return new Inventory(certificates, problems, warnings);
  }

  /** The CA, where it is readable: what is wrong with it is said in its turn. */
  private static @Nullable X509CertificateHolder ca(byte @Nullable [] content) {
    try {
      return content == null ? null : Pem.certificate(CredentialFile.CA.fileName(), content);
    } catch (IntegrityException e) {
      return null;
    }
  }

  private void inspect(
      CredentialFile file,
      byte[] content,
      Map<CredentialFile, byte[]> files,
      @Nullable X509CertificateHolder ca)
      throws IntegrityException {
    CredentialFile keyFile = KEYS.get(file);
    if (keyFile != null) {
      X509CertificateHolder certificate =
          inspectCertificate(file.fileName(), content, ca, file == CredentialFile.CA);
      byte[] key = files.get(keyFile);
      if (key != null) {
        inspectKey(file.fileName(), certificate, keyFile.fileName(), key);
      }
    } else if (KUBECONFIGS.contains(file)) {
      inspectKubeconfig(file.fileName(), content, ca);
    } else if (file == CredentialFile.ENCRYPTION_CONFIG && !EncryptionConfig.isUsable(content)) {
      problems.add(file.fileName() + " holds no key that AES takes");
    }
  }

  private X509CertificateHolder inspectCertificate(
      String file, byte[] content, @Nullable X509CertificateHolder ca, boolean isCa)
      throws IntegrityException {
    X509CertificateHolder certificate = Pem.certificate(file, content);
    certificates.add(CertificateReader.describe(file, certificate));
    Instant end = certificate.getNotAfter().toInstant();
    if (!end.isAfter(now)) {
      problems.add("%s expired on %s".formatted(file, end));
    } else if (Duration.between(now, end).compareTo(SOON) < 0) {
      warnings.add(
          "%s expires on %s: %s"
              .formatted(
                  file, end, isCa ? "make everything anew with --force" : "renew with --renew"));
    }
    if (certificate.getNotBefore().toInstant().isAfter(now)) {
      problems.add(
          "%s counts only from %s: is the clock right?"
              .formatted(file, certificate.getNotBefore().toInstant()));
    }
    if (isCa) {
      BasicConstraints constraints = BasicConstraints.fromExtensions(certificate.getExtensions());
      if (constraints == null || !constraints.isCA()) {
        problems.add(file + " is not the certificate of a CA");
      }
    }
    if (ca != null && !isSigned(certificate, ca)) {
      problems.add(file + " is not signed by the CA in ca.pem");
    }
    return certificate;
  }

  private static boolean isSigned(X509CertificateHolder certificate, X509CertificateHolder ca)
      throws IntegrityException {
    PublicKey key = Pem.publicKey(CredentialFile.CA.fileName(), ca);
    try {
      return certificate.getIssuer().equals(ca.getSubject())
          && certificate.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
    } catch (CertException | OperatorCreationException e) {
      return false; // Signed with something that the CA's key cannot check.
    }
  }

  private void inspectKey(
      String file, X509CertificateHolder certificate, String keyFile, byte[] content)
      throws IntegrityException {
    PrivateKey key = Pem.key(keyFile, content);
    if (!KeyKind.matches(key, Pem.publicKey(file, certificate))) {
      problems.add("%s: %s is not its key".formatted(file, keyFile));
    }
  }

  private void inspectKubeconfig(String file, byte[] content, @Nullable X509CertificateHolder ca)
      throws IntegrityException {
    Optional<Kubeconfig> read = Kubeconfig.read(content);
    if (read.isEmpty()) {
      problems.add(file + " lacks the server, the CA, the certificate or the key");
      return;
    }
    Kubeconfig kubeconfig = read.get();
    X509CertificateHolder certificate =
        inspectCertificate(file, kubeconfig.certificate().toArray(), ca, false);
    inspectKey(file, certificate, file, kubeconfig.key().toArray());
    if (ca != null && !ca.equals(Pem.certificate(file, kubeconfig.ca().toArray()))) {
      problems.add(file + " trusts another CA than ca.pem");
    }
  }
}
