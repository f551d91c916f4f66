package io.hardbake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.hardbake.credentials.CredentialRequest;
import io.hardbake.credentials.Credentials;
import io.hardbake.credentials.KeyKind;
import io.hardbake.credentials.Member;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How vagrant/ready asks a load balancer; this one is a server here, and no machine runs. */
class VagrantReadyIT {
  /** Of this machine, but where nothing else listens at the port that the script asks. */
  private static final String ADDRESS = "127.0.0.66";

  private static final String CONTROLLER = "127.0.0.67";

  /** One controller runs, one does not. */
  private static final String VAGRANT =
      """
      #!/bin/sh
      case "$*" in
        "status --machine-readable")
          echo '1790000000,controller-0,metadata,provider,libvirt'
          echo '1790000000,controller-0,state,running'
          echo '1790000000,controller-1,state,shutoff'
          echo '1790000000,loadbalancer,state,running'
          ;;
        "ssh-config controller-0")
          if [ -e "$0.late" ]; then
            rm "$0.late"
            echo 'not yet ready for SSH' >&2
            exit 1
          fi
          echo '  HostName %2$s'
          ;;
        "ssh-config loadbalancer") echo '  HostName %1$s' ;;
        *) exit 2 ;;
      esac
      """;

  @TempDir private Path directory;
  private HttpsServer server;
  private HttpsServer controller;

  @BeforeEach
  void start() throws Exception {
    Oracle.require("curl", "openssl");
    Path credentials = directory.resolve("output/vagrant/credentials");
    Credentials.ofThisMachine()
        .make(
            credentials,
            new CredentialRequest(
                List.of(Member.parse("controller-0=" + CONTROLLER)),
                Member.parse("loadbalancer=" + ADDRESS),
                List.of(),
                KeyKind.EC,
                CredentialRequest.DEFAULT_LEAF_VALIDITY));
    Path vagrant = directory.resolve("vagrant");
    Files.writeString(vagrant, VAGRANT.formatted(ADDRESS, CONTROLLER));
    Files.setPosixFilePermissions(vagrant, PosixFilePermissions.fromString("rwxr-xr-x"));
    server = listen(ADDRESS, credentials);
    controller = listen(CONTROLLER, credentials);
    answer(controller, "/healthz", 200, "ok");
  }

  private HttpsServer listen(String address, Path credentials) throws Exception {
    HttpsServer listening = HttpsServer.create(new InetSocketAddress(address, 6443), 0);
    listening.setHttpsConfigurator(new HttpsConfigurator(identity(credentials)));
    listening.start();
    return listening;
  }

  @AfterEach
  void stop() {
    for (HttpsServer each : new HttpsServer[] {server, controller}) {
      if (each != null) { // not where a tool is absent
        each.stop(0);
      }
    }
  }

  @Test
  void asksPastAProxy() {
    answer(server, "/healthz", 200, "ok");
    answer(server, "/version", 200, "v1.18.6");
    assertEquals("v1.18.6\n", ready("0").succeeded().stdout());
  }

  @Test
  void saysWhatWasSaidLast() {
    answer(server, "/healthz", 500, "etcd failed");
    assertSays("loadbalancer", ADDRESS, "curl: (22) The requested URL returned error: 500");
  }

  /** haproxy asks none that does not answer, so it says nothing of that one. */
  @Test
  void aControllerThatDoesNotAnswerIsNamedWhateverTheOthersDo() {
    answer(server, "/healthz", 200, "ok");
    answer(server, "/version", 200, "v1.18.6");
    controller.removeContext("/healthz");
    assertSays("controller-0", CONTROLLER, "curl: (22) The requested URL returned error: 404");
  }

  @Test
  void waitsForAMachineThatVagrantDoesNotKnowYet() throws Exception {
    answer(server, "/healthz", 200, "ok");
    answer(server, "/version", 200, "v1.18.6");
    Path late = Files.createFile(directory.resolve("vagrant.late"));
    String said = ready("0").refused().stderr();
    assertTrue(said.startsWith("vagrant/ready: controller-0 has no address after 0 s: not"), said);
    Files.createFile(late);
    assertEquals("v1.18.6\n", ready("60").succeeded().stdout());
  }

  private void assertSays(String name, String address, String said) {
    Oracle.Result result = ready("0").refused();
    assertEquals(4, result.exitCode());
    assertEquals(
        """
        vagrant/ready: %1$s did not answer well at https://%2$s:6443/healthz within 0 s: %3$s
          remedy: see what is in the way: vagrant ssh %1$s -c 'sudo hardbake status'
        """
            .formatted(name, address, said),
        result.stderr());
  }

  @Test
  void asksAgainWhereTheVersionIsLate() {
    answer(server, "/healthz", 200, "ok");
    AtomicInteger asked = new AtomicInteger();
    server.createContext(
        "/version",
        exchange -> {
          try (exchange) {
            boolean first = asked.getAndIncrement() == 0;
            byte[] body = (first ? "not yet" : "v1.18.6").getBytes(UTF_8);
            exchange.sendResponseHeaders(first ? 504 : 200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    assertEquals("v1.18.6\n", ready("60").succeeded().stdout());
    assertEquals(2, asked.get());
  }

  private Oracle.Result ready(String seconds) {
    return Oracle.run(
        List.of("vagrant/ready", seconds),
        Duration.ofMinutes(2),
        Map.of(
            "PATH", directory + ":" + System.getenv("PATH"),
            "HARDBAKE_OUTPUT", directory.resolve("output").toString(),
            "https_proxy", "http://127.0.0.1:1",
            "no_proxy", "",
            "NO_PROXY", ""));
  }

  private static void answer(HttpsServer server, String path, int status, String text) {
    byte[] body = text.getBytes(UTF_8);
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
  }

  private SSLContext identity(Path credentials) throws Exception {
    Path both = directory.resolve("kubernetes.p12");
    String password = "not secret";
    Oracle.run(
            "openssl",
            "pkcs12",
            "-export",
            "-in",
            credentials.resolve("kubernetes.pem").toString(),
            "-inkey",
            credentials.resolve("kubernetes-key.pem").toString(),
            "-out",
            both.toString(),
            "-passout",
            "pass:" + password)
        .succeeded();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(both)) {
      keys.load(in, password.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
