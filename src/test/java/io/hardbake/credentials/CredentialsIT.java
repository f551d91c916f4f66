package io.hardbake.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Credentials as openssl reads them, which knows nothing of Bouncy Castle. */
final class CredentialsIT {
  private static final List<String> LEAVES =
      List.of(
          "kubernetes", "service-account", "kube-controller-manager", "kube-scheduler", "admin");

  @TempDir private Path directory;

  @BeforeEach
  void needOpenssl() {
    Oracle.require("openssl");
  }

  private void make(KeyKind kind) throws Exception {
    Credentials.ofThisMachine()
        .make(
            directory,
            new CredentialRequest(
                List.of(Member.parse("controller-0=192.168.50.10,fd00::10")),
                Member.parse("loadbalancer=192.168.50.9"),
                List.of(AlternativeName.parse("*.example.com")),
                kind,
                CredentialRequest.DEFAULT_LEAF_VALIDITY));
  }

  /** Runs openssl; a word with a dot that is a file of the directory stands for that file. */
  private Oracle.Result openssl(String words) {
    List<String> command = new ArrayList<>(List.of("openssl"));
    for (String word : words.split(" ", -1)) {
      Path file = directory.resolve(word);
      command.add(word.contains(".") && Files.isRegularFile(file) ? file.toString() : word);
    }
    return Oracle.run(command);
  }

  private Oracle.Result verify(String purpose, String leaf) {
    return openssl("verify -x509_strict -purpose " + purpose + " -CAfile ca.pem " + leaf + ".pem");
  }

  @ParameterizedTest
  @EnumSource
  void opensslVerifiesEachForItsPurposeOnly(KeyKind kind) throws Exception {
    make(kind);
    openssl("verify -x509_strict -CAfile ca.pem ca.pem").succeeded();
    for (String leaf : LEAVES) {
      verify("any", leaf).succeeded();
      verify("sslclient", leaf).succeeded();
    }
    verify("sslserver", "kubernetes").succeeded();
    verify("sslserver", "admin").refused();
    verify("sslserver", "kube-scheduler").refused();

    Credentials.ofThisMachine()
        .renew(
            directory,
            new Renewal(List.of(), Optional.empty(), CredentialRequest.DEFAULT_LEAF_VALIDITY));
    for (String leaf : LEAVES) {
      verify("sslclient", leaf).succeeded();
    }
  }

  @ParameterizedTest
  @EnumSource
  void keysAreWellFormedAndBelongToTheirCertificates(KeyKind kind) throws Exception {
    make(kind);
    String check = kind == KeyKind.RSA ? "rsa" : "ec";
    List<String> all = new ArrayList<>(LEAVES);
    all.add("ca");
    for (String name : all) {
      openssl(check + " -check -noout -in " + name + "-key.pem").succeeded();
      assertEquals(
          openssl("x509 -noout -pubkey -in " + name + ".pem").succeeded().stdout(),
          openssl("pkey -pubout -in " + name + "-key.pem").succeeded().stdout());
    }
    Path key = directory.resolve("admin-key.pem");
    List<String> lines = new ArrayList<>(Files.readAllLines(key));
    lines.set(1, "AAAA" + lines.get(1).substring(4));
    Files.write(key, lines);
    openssl(check + " -check -noout -in admin-key.pem").refused();
  }

  @ParameterizedTest
  @EnumSource
  void theServerHasItsNamesAndNoOthers(KeyKind kind) throws Exception {
    make(kind);
    for (String host :
        List.of(
            "controller-0",
            "loadbalancer",
            "localhost",
            "kubernetes.default.svc.cluster.local",
            "api.example.com")) {
      matches("-checkhost " + host, true);
    }
    for (String address :
        List.of("127.0.0.1", "10.32.0.1", "192.168.50.10", "192.168.50.9", "fd00::10")) {
      matches("-checkip " + address, true);
    }
    matches("-checkhost controller-1", false);
    matches("-checkip 192.168.50.11", false);
    matches("-checkip fd00::11", false);
  }

  /** openssl x509 says what it found, whichever its exit code. */
  private void matches(String check, boolean expected) {
    String said = openssl("x509 -noout -in kubernetes.pem " + check).stdout();
    assertEquals(expected, said.contains("does match certificate"), said);
    assertEquals(!expected, said.contains("does NOT match certificate"), said);
  }

  @ParameterizedTest
  @EnumSource
  void kubeconfigsEmbedWhatTheFilesHold(KeyKind kind) throws Exception {
    make(kind);
    for (String name : List.of("kube-controller-manager", "kube-scheduler", "admin")) {
      String yaml = Files.readString(directory.resolve(name + ".kubeconfig"));
      assertEquals(
          Files.readString(directory.resolve("ca.pem")), field(yaml, "certificate-authority-data"));
      assertEquals(
          Files.readString(directory.resolve(name + ".pem")),
          field(yaml, "client-certificate-data"));
      assertEquals(
          Files.readString(directory.resolve(name + "-key.pem")), field(yaml, "client-key-data"));
    }
    // The tutorial's encryption key: head -c 32 /dev/urandom | base64.
    String secret = value(Files.readString(directory.resolve("encryption-config.yaml")), "secret");
    assertEquals(32, Base64.getDecoder().decode(secret).length);
  }

  private static String field(String yaml, String name) {
    return new String(
        Base64.getDecoder().decode(value(yaml, name)), java.nio.charset.StandardCharsets.US_ASCII);
  }

  private static String value(String yaml, String name) {
    Matcher matcher = Pattern.compile(name + ": (\\S+)\n").matcher(yaml);
    assertTrue(matcher.find(), name);
    return matcher.group(1);
  }

  @ParameterizedTest
  @EnumSource
  void opensslRefusesAnotherCaAndDamage(KeyKind kind) throws Exception {
    make(kind);
    Path ca = directory.resolve("ca.pem");
    byte[] own = Files.readAllBytes(ca);
    Path elsewhere = directory.resolve("elsewhere");
    Credentials.ofThisMachine()
        .make(
            elsewhere,
            CredentialRequest.of(
                CredentialRequest.DEFAULT_CONTROLLERS, CredentialRequest.DEFAULT_LOAD_BALANCER));
    Files.write(ca, Files.readAllBytes(elsewhere.resolve("ca.pem")));
    verify("sslserver", "kubernetes").refused();
    Files.write(ca, own);
    verify("sslserver", "kubernetes").succeeded();

    // One bit of the signature, which ends the certificate.
    Path leaf = directory.resolve("kubernetes.pem");
    Path der = directory.resolve("kubernetes.der");
    Oracle.run("openssl", "x509", "-in", leaf.toString(), "-outform", "DER", "-out", der.toString())
        .succeeded();
    byte[] bytes = Files.readAllBytes(der);
    bytes[bytes.length - 1] ^= 1;
    Files.write(der, bytes);
    Oracle.run("openssl", "x509", "-inform", "DER", "-in", der.toString(), "-out", leaf.toString())
        .succeeded();
    verify("sslserver", "kubernetes").refused();
  }
}
