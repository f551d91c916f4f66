package io.hardbake.credentials;

import io.hardbake.credentials.Inventory.Finding;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.ShellWord;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.RuntimeOperatorException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.jspecify.annotations.Nullable;

/** Judges a set of credentials as it stands: whether it is whole, in time, and fits together. */
final class Inspector {
  /** Time enough to renew without haste. */
  private static final Duration SOON = Duration.ofDays(30);

  static final String RENEW = "issue new certificates from the same CA with --renew";
  private static final String REACH =
      "make it, and new certificates, with --renew --load-balancer NAME=ADDRESS";
  private static final String ANEW =
      "make everything anew with --force, and give the machines the new files";
  private static final String RESTORE =
      "restore it from where you keep a copy, or make everything anew with --force";

  /** What renewal keeps or starts from; all else it makes anew. */
  private static final Set<CredentialFile> LASTING =
      EnumSet.of(
          CredentialFile.CA,
          CredentialFile.CA_KEY,
          CredentialFile.KUBERNETES,
          CredentialFile.SERVICE_ACCOUNT,
          CredentialFile.SERVICE_ACCOUNT_KEY,
          CredentialFile.ENCRYPTION_CONFIG);

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
  private final SortedMap<Instant, List<String>> ends = new TreeMap<>();
  private final List<Finding> problems = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();

  Inspector(Path directory, Instant now) {
    this.directory = directory;
    this.now = now;
  }

  Inventory inspect() throws IOException {
    Map<CredentialFile, byte[]> files = Staging.read(directory);
    if (Staging.isInterrupted(directory)) {
      problem("an earlier change was interrupted", "--renew finishes it, --force makes all anew");
    }
    X509CertificateHolder ca = ca(files.get(CredentialFile.CA));
    for (CredentialFile file : CredentialFile.values()) {
      byte[] content = files.get(file);
      if (content == null) {
        problem(file.fileName() + " is missing", remedy(file));
        continue;
      }
      try {
        inspect(file, content, files, ca);
      } catch (IntegrityException e) {
        problem(String.valueOf(e.getMessage()), remedy(file));
      } catch (IllegalArgumentException | IllegalStateException e) {
        // Bouncy Castle reads some structures late, and says so like this.
        problem(file.fileName() + " is damaged", remedy(file));
      }
      if (file.isSecret() && Staging.isOpenToOthers(directory.resolve(file.fileName()))) {
        warnings.add(
            new Finding(
                file.fileName() + " can be read by others",
                "take the right from them with: chmod 600 "
                    + ShellWord.of(directory.resolve(file.fileName()))));
      }
    }
    boolean fitsTogether = problems.isEmpty();
    judgeEnds();
    boolean renewable =
        fitsTogether && problems.stream().allMatch(Inventory.Finding::isMendedByRenewal);
    return new Inventory(certificates, problems, warnings, renewable);
  }

  /** Certificates of one day are mostly one batch: a finding for each batch, not for each file. */
  private void judgeEnds() {
    ends.forEach(
        (end, files) -> {
          String remedy = files.contains(CredentialFile.CA.fileName()) ? ANEW : RENEW;
          if (!end.isAfter(now)) {
            problem("expired on %s: %s".formatted(end, String.join(", ", files)), remedy);
          } else if (Duration.between(now, end).compareTo(SOON) < 0) {
            warnings.add(
                new Finding("expires on %s: %s".formatted(end, String.join(", ", files)), remedy));
          }
        });
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
        inspectKey(file.fileName(), certificate, keyFile, key);
      }
    } else if (KUBECONFIGS.contains(file)) {
      inspectKubeconfig(file, content, ca);
    } else if (file == CredentialFile.ENCRYPTION_CONFIG && !EncryptionConfig.isUsable(content)) {
      problem(file.fileName() + " holds no key that AES takes", RESTORE);
    }
  }

  private X509CertificateHolder inspectCertificate(
      String file, byte[] content, @Nullable X509CertificateHolder ca, boolean isCa)
      throws IntegrityException {
    X509CertificateHolder certificate = Pem.certificate(file, content);
    certificates.add(CertificateReader.describe(file, certificate));
    ends.computeIfAbsent(certificate.getNotAfter().toInstant(), end -> new ArrayList<>()).add(file);
    if (certificate.getNotBefore().toInstant().isAfter(now)) {
      problem(
          "%s counts only from %s".formatted(file, certificate.getNotBefore().toInstant()),
          "set the clock of this machine");
    }
    if (isCa) {
      BasicConstraints constraints = BasicConstraints.fromExtensions(certificate.getExtensions());
      if (constraints == null || !constraints.isCA()) {
        problem(file + " is not the certificate of a CA", ANEW);
      }
    }
    if (ca != null && !isSigned(certificate, ca)) {
      problem(file + " is not signed by the CA in ca.pem", isCa ? ANEW : RENEW);
    }
    return certificate;
  }

  private static boolean isSigned(X509CertificateHolder certificate, X509CertificateHolder ca)
      throws IntegrityException {
    PublicKey key = Pem.publicKey(CredentialFile.CA.fileName(), ca);
    try {
      return certificate.getIssuer().equals(ca.getSubject())
          && certificate.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
    } catch (CertException | OperatorCreationException | RuntimeOperatorException e) {
      return false; // No signature, or one of a kind that the CA's key cannot check.
    }
  }

  private void inspectKey(
      String file, X509CertificateHolder certificate, CredentialFile keyFile, byte[] content)
      throws IntegrityException {
    PrivateKey key = Pem.key(keyFile.fileName(), content);
    if (!KeyKind.matches(key, Pem.publicKey(file, certificate))) {
      problem(
          file.equals(keyFile.fileName())
              ? "the key in %s is not its certificate's".formatted(file)
              : "%s is not the key of %s".formatted(keyFile.fileName(), file),
          remedy(keyFile));
    }
  }

  private void inspectKubeconfig(
      CredentialFile file, byte[] content, @Nullable X509CertificateHolder ca)
      throws IntegrityException {
    String name = file.fileName();
    Optional<Kubeconfig> read = Kubeconfig.read(content);
    if (read.isEmpty()) {
      problem(name + " lacks the server, the CA, the certificate or the key", remedy(file));
      return;
    }
    Kubeconfig kubeconfig = read.get();
    X509CertificateHolder certificate =
        inspectCertificate(name, kubeconfig.certificate().toArray(), ca, false);
    inspectKey(name, certificate, file, kubeconfig.key().toArray());
    if (ca != null && !ca.equals(Pem.certificate(name, kubeconfig.ca().toArray()))) {
      problem(name + " trusts another CA than ca.pem", RENEW);
    }
  }

  private static String remedy(CredentialFile file) {
    if (file == CredentialFile.REMOTE_KUBECONFIG) {
      return REACH;
    }
    return LASTING.contains(file) ? RESTORE : RENEW;
  }

  private void problem(String problem, String remedy) {
    problems.add(new Finding(problem, remedy));
  }
}
