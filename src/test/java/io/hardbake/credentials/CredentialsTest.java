package io.hardbake.credentials;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UsageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sets of credentials, made, renewed and looked at. */
final class CredentialsTest {
  private static final Renewal SAME_NAMES =
      new Renewal(List.of(), Optional.empty(), CredentialRequest.DEFAULT_LEAF_VALIDITY);

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant YEAR_LATER = NOW.plus(Duration.ofDays(400));

  @TempDir private Path scratch;
  private Path directory = Path.of("");

  @BeforeEach
  void nameTheDirectory() {
    directory = scratch.resolve("deep/credentials");
  }

  private static Credentials at(Instant now) {
    return new Credentials(InstantSource.fixed(now), new SecureRandom());
  }

  private static CredentialRequest request(KeyKind kind) throws UsageException {
    return new CredentialRequest(
        List.of(Member.parse("controller-0=192.168.50.10,fd00::10"), Member.named("controller-1")),
        Member.parse("loadbalancer=192.168.50.9"),
        List.of(AlternativeName.parse("*.example.com")),
        kind,
        CredentialRequest.DEFAULT_LEAF_VALIDITY);
  }

  private Inventory make() throws Exception {
    return at(NOW).make(directory, request(KeyKind.EC));
  }

  private X509Certificate certificate(CredentialFile file) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(bytes(file)));
  }

  private byte[] bytes(CredentialFile file) throws IOException {
    return Files.readAllBytes(directory.resolve(file.fileName()));
  }

  private String text(CredentialFile file) throws IOException {
    return new String(bytes(file), UTF_8);
  }

  /** Every file below the directory with what it holds. */
  private Map<String, String> snapshot() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        contents.put(
            directory.relativize(file).toString(),
            Files.isDirectory(file) ? "" : Files.readString(file, US_ASCII));
      }
    }
    return contents;
  }

  @ParameterizedTest
  @EnumSource
  void whatIsMadeIsSoundAndStaysSoWhenRenewed(KeyKind kind) throws Exception {
    Inventory made = at(NOW).make(directory, request(kind));
    assertEquals(List.of(), made.problems());
    assertEquals(List.of(), made.warnings());
    assertEquals(10, made.certificates().size());
    String header = kind == KeyKind.RSA ? "RSA PRIVATE KEY" : "EC PRIVATE KEY";
    for (CredentialFile file : CredentialFile.values()) {
      if (file.fileName().endsWith("-key.pem")) {
        assertTrue(text(file).startsWith("-----BEGIN " + header + "-----\n"), file::fileName);
      }
    }

    assertFalse(at(YEAR_LATER).inspect(directory).isSound(), "a year is over");
    Inventory renewed = at(YEAR_LATER).renew(directory, SAME_NAMES);
    assertEquals(List.of(), renewed.problems());
    assertEquals(
        made.certificates().stream().map(Inventory.Certificate::key).toList(),
        renewed.certificates().stream().map(Inventory.Certificate::key).toList());
  }

  @Test
  void certificatesSayWhatTheTutorialSays() throws Exception {
    make();
    assertEquals(
        List.of(
            "CN=Kubernetes,OU=CA,O=Kubernetes",
            "CN=kubernetes,O=Kubernetes",
            "CN=service-accounts,O=Kubernetes",
            "CN=system:kube-controller-manager,O=system:kube-controller-manager",
            "CN=system:kube-scheduler,O=system:kube-scheduler",
            "CN=admin,O=system:masters"),
        at(NOW).inspect(directory).certificates().stream()
            .map(Inventory.Certificate::subject)
            .limit(6)
            .toList());
    X509Certificate ca = certificate(CredentialFile.CA);
    assertEquals(0, ca.getBasicConstraints());
    assertEquals(NOW.plus(CredentialRequest.CA_VALIDITY), ca.getNotAfter().toInstant());
    assertTrue(ca.getKeyUsage()[5], "keyCertSign");
    assertTrue(ca.getCriticalExtensionOIDs().containsAll(Set.of("2.5.29.15", "2.5.29.19")));

    X509Certificate kubernetes = certificate(CredentialFile.KUBERNETES);
    kubernetes.verify(ca.getPublicKey());
    assertEquals(-1, kubernetes.getBasicConstraints());
    assertEquals("SHA256withECDSA", kubernetes.getSigAlgName());
    assertEquals(
        List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"), kubernetes.getExtendedKeyUsage());
    assertEquals(NOW.minus(Authority.BACKDATE), kubernetes.getNotBefore().toInstant());
    assertEquals(NOW.plus(Duration.ofDays(365)), kubernetes.getNotAfter().toInstant());
    assertEquals(
        List.of("1.3.6.1.5.5.7.3.2"), certificate(CredentialFile.ADMIN).getExtendedKeyUsage());
  }

  @Test
  void serialNumbersArePositiveAndDiffer() throws Exception {
    make();
    Set<Object> serials = new HashSet<>();
    for (CredentialFile file : CredentialFile.values()) {
      if (file.fileName().endsWith(".pem") && !file.isSecret()) {
        X509Certificate certificate = certificate(file);
        assertEquals(1, certificate.getSerialNumber().signum());
        assertTrue(certificate.getSerialNumber().bitLength() <= 159);
        serials.add(certificate.getSerialNumber());
      }
    }
    assertEquals(6, serials.size());
  }

  @Test
  void theServerIsKnownUnderAllItsNames() throws Exception {
    Inventory.Certificate kubernetes = make().certificates().get(1);
    assertEquals(
        "controller-0 192.168.50.10 fd00::10 controller-1 loadbalancer 192.168.50.9 127.0.0.1"
            + " localhost 10.32.0.1 kubernetes kubernetes.default kubernetes.default.svc"
            + " kubernetes.default.svc.cluster kubernetes.default.svc.cluster.local *.example.com",
        kubernetes.names().stream().map(AlternativeName::text).collect(Collectors.joining(" ")));
  }

  @Test
  void kubeconfigsCallTheRightServer() throws Exception {
    make();
    for (CredentialFile local :
        List.of(
            CredentialFile.CONTROLLER_MANAGER_KUBECONFIG,
            CredentialFile.SCHEDULER_KUBECONFIG,
            CredentialFile.ADMIN_KUBECONFIG)) {
      assertTrue(text(local).contains("\n    server: https://127.0.0.1:6443\n"), local::fileName);
    }
    assertTrue(
        text(CredentialFile.REMOTE_KUBECONFIG).contains("server: https://192.168.50.9:6443\n"));
    assertEquals(
        "https://[fd00::9]:6443", Kubeconfig.url(Member.parse("lb=fd00:0::9").preferred()));
    assertEquals("https://lb:6443", Kubeconfig.url(Member.named("lb").preferred()));
  }

  @Test
  void modesKeepKeysFromOthers() throws Exception {
    make();
    assertEquals("rwx------", mode(directory));
    for (CredentialFile file : CredentialFile.values()) {
      boolean certificate = file.fileName().endsWith(".pem") && !file.fileName().contains("-key");
      assertEquals(
          certificate ? "rw-r--r--" : "rw-------",
          mode(directory.resolve(file.fileName())),
          file::fileName);
    }
    Files.setPosixFilePermissions(
        directory.resolve("ca-key.pem"), PosixFilePermissions.fromString("rw-r-----"));
    assertEquals(
        List.of("ca-key.pem can be read by others"),
        at(NOW).inspect(directory).warnings().stream().map(Inventory.Finding::problem).toList());
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void anExistingDirectoryKeepsItsModeAndItsOtherFiles() throws Exception {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(directory.resolve("notes.txt"), "mine");
    make();
    assertEquals("rwxr-xr-x", mode(directory));
    assertEquals("mine", Files.readString(directory.resolve("notes.txt")));
  }

  @Test
  void aRefusalNamesTheFilesAndChangesNothing() throws Exception {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("admin.pem"), "mine");
    Map<String, String> before = snapshot();
    UsageException refusal = assertThrows(UsageException.class, this::make);
    assertTrue(String.valueOf(refusal.getMessage()).endsWith(": admin.pem"), refusal::getMessage);
    assertTrue(refusal.remedy().contains("--force"), refusal::remedy);
    assertEquals(before, snapshot());

    assertTrue(at(NOW).replace(directory, request(KeyKind.EC)).isSound());
    assertNotEquals("mine", text(CredentialFile.ADMIN));
  }

  @Test
  void oneProcessAtATime() throws Exception {
    try (Staging other = Staging.open(directory)) {
      assertThrows(HostException.class, this::make);
      assertTrue(other.read().isEmpty());
    }
    assertTrue(make().isSound());
  }

  @Test
  void renewalKeepsWhatMustLast() throws Exception {
    make();
    List<CredentialFile> kept =
        List.of(
            CredentialFile.CA,
            CredentialFile.CA_KEY,
            CredentialFile.SERVICE_ACCOUNT_KEY,
            CredentialFile.ENCRYPTION_CONFIG);
    Map<String, String> before = snapshot();
    Inventory renewed =
        at(YEAR_LATER)
            .renew(
                directory,
                new Renewal(
                    List.of(AlternativeName.parse("api.example.com")),
                    Optional.empty(),
                    Duration.ofDays(30)));
    for (CredentialFile file : CredentialFile.values()) {
      assertEquals(
          kept.contains(file), text(file).equals(before.get(file.fileName())), file::fileName);
    }
    Inventory.Certificate kubernetes = renewed.certificates().get(1);
    assertEquals(16, kubernetes.names().size());
    assertTrue(kubernetes.names().contains(AlternativeName.ofName("api.example.com")));
    assertEquals(YEAR_LATER.plus(Duration.ofDays(30)), kubernetes.notAfter());
    assertTrue(
        text(CredentialFile.REMOTE_KUBECONFIG).contains("server: https://192.168.50.9:6443\n"));
  }

  @Test
  void renewalMayMoveTheLoadBalancer() throws Exception {
    make();
    Inventory renewed =
        at(NOW)
            .renew(
                directory,
                new Renewal(
                    List.of(), Optional.of(Member.parse("lb=10.1.1.1")), Duration.ofDays(90)));
    assertTrue(renewed.certificates().get(1).names().contains(AlternativeName.parse("10.1.1.1")));
    assertTrue(text(CredentialFile.REMOTE_KUBECONFIG).contains("server: https://10.1.1.1:6443\n"));
  }

  @Test
  void noCertificateOutlivesTheCa() throws Exception {
    make();
    Instant ninthYear = NOW.plus(Duration.ofDays(3600));
    Inventory renewed = at(ninthYear).renew(directory, SAME_NAMES);
    Instant end = NOW.plus(CredentialRequest.CA_VALIDITY);
    renewed.certificates().forEach(one -> assertEquals(end, one.notAfter(), one::file));
    assertThrows(IntegrityException.class, () -> at(end).renew(directory, SAME_NAMES));
    CredentialRequest longer =
        new CredentialRequest(
            CredentialRequest.DEFAULT_CONTROLLERS,
            CredentialRequest.DEFAULT_LOAD_BALANCER,
            List.of(),
            KeyKind.EC,
            Duration.ofDays(3651));
    assertThrows(UsageException.class, () -> at(NOW).make(scratch.resolve("longer"), longer));
    assertFalse(Files.exists(scratch.resolve("longer")));
  }

  @Test
  void renewalMendsALostKeyButNotALostCa() throws Exception {
    make();
    Files.delete(directory.resolve("kubernetes-key.pem"));
    Files.delete(directory.resolve("admin.kubeconfig"));
    assertEquals(
        List.of("kubernetes-key.pem is missing", "admin.kubeconfig is missing"),
        at(NOW).inspect(directory).problems().stream().map(Inventory.Finding::problem).toList());
    assertTrue(at(NOW).renew(directory, SAME_NAMES).isSound());

    Files.delete(directory.resolve("ca-key.pem"));
    Map<String, String> before = snapshot();
    assertThrows(IntegrityException.class, () -> at(NOW).renew(directory, SAME_NAMES));
    assertEquals(before, snapshot());
  }

  @Test
  void filesOfAnotherSetAreFound() throws Exception {
    make();
    Path other = scratch.resolve("other");
    at(NOW).make(other, request(KeyKind.EC));
    for (CredentialFile file : CredentialFile.values()) {
      if (file == CredentialFile.ENCRYPTION_CONFIG) {
        continue; // It refers to nothing.
      }
      byte[] own = bytes(file);
      Files.copy(
          other.resolve(file.fileName()),
          directory.resolve(file.fileName()),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      assertFalse(at(NOW).inspect(directory).isSound(), file::fileName);
      Files.write(directory.resolve(file.fileName()), own);
    }
    assertTrue(at(NOW).inspect(directory).isSound());
  }

  @Test
  void damageIsReportedNotThrown() throws Exception {
    make();
    Random random = new Random(1);
    for (CredentialFile file : CredentialFile.values()) {
      byte[] whole = bytes(file);
      for (int i = 0; i < 6; i++) {
        byte[] damaged = whole.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(7));
        Files.write(directory.resolve(file.fileName()), damaged);
        at(NOW).inspect(directory);
      }
      Files.write(directory.resolve(file.fileName()), Arrays.copyOf(whole, whole.length / 2));
      assertFalse(at(NOW).inspect(directory).isSound(), "half of " + file.fileName());
      Files.write(directory.resolve(file.fileName()), whole);
    }
    assertTrue(at(NOW).inspect(directory).isSound());
  }

  @Test
  void expiryIsForetoldAndToldInOneLine() throws Exception {
    make();
    Instant end = NOW.plus(Duration.ofDays(365));
    Inventory soon = at(end.minus(Duration.ofDays(29))).inspect(directory);
    assertTrue(soon.isSound());
    assertEquals(1, soon.warnings().size());
    Inventory over = at(end).inspect(directory);
    assertEquals(1, over.problems().size());
    assertTrue(over.problems().get(0).remedy().contains("--renew"));
    assertFalse(at(NOW.minus(Duration.ofDays(2))).inspect(directory).isSound(), "not yet valid");
    assertTrue(soon.renewable() && over.renewable());
    assertFalse(at(NOW.plus(Duration.ofDays(20 * 366))).inspect(directory).renewable(), "the CA");
    Files.delete(directory.resolve("ca-key.pem"));
    assertFalse(at(end).inspect(directory).renewable());
    assertEquals(-1, over.certificates().get(1).daysLeft(end.plusSeconds(1)));
  }

  @Test
  void aControllerGetsTheTutorialsFiles() {
    assertEquals(
        "ca.pem ca-key.pem kubernetes.pem kubernetes-key.pem service-account.pem"
            + " service-account-key.pem kube-controller-manager.kubeconfig"
            + " kube-scheduler.kubeconfig admin.kubeconfig encryption-config.yaml",
        Credentials.controllerFiles(Path.of("d")).stream()
            .map(file -> Path.of("d").relativize(file).toString())
            .collect(Collectors.joining(" ")));
  }

  @Test
  void impossibleClustersAreRefused() throws Exception {
    Member one = Member.parse("one=10.0.0.1");
    for (List<Member> controllers :
        List.of(
            List.<Member>of(),
            List.of(one, Member.named("one")),
            List.of(one, Member.parse("two=10.0.0.1")),
            List.of(one, Member.named("lb")))) {
      assertThrows(
          UsageException.class,
          () -> at(NOW).make(directory, CredentialRequest.of(controllers, Member.named("lb"))),
          controllers::toString);
    }
    assertFalse(Files.exists(directory));
  }
}
