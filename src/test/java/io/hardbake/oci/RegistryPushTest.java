package io.hardbake.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import io.hardbake.oci.RegistryPush.Transport;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ResourceLock(RegistryPushTest.PROPERTIES)
class RegistryPushTest {
  /** What Jib is told by properties of the whole JVM: two pushes at a time would tell it both. */
  static final String PROPERTIES = "properties of Jib";

  @TempDir Path directory;
  private Path archive = Path.of("");

  @BeforeEach
  void makeArchive() throws Exception {
    archive = ImageTools.archive(directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:5000/UPPER",
        "localhost:99999/x",
        "localhost:0/x",
        "localhost:123456789012/x",
        "localhost:5000/a b",
        "localhost:5000/a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "192.0.2.1:5000/team/specimen"
      })
  void refusesATargetThatCannotBe(String reference) {
    assertThrows(
        UsageException.class, () -> push(Transport.PLAIN_ON_LOOPBACK).push(archive, reference));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  @Timeout(120) // against repeated attempts, whatever else runs
  void saysAtOnceThatNobodyAnswers(Transport transport) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    UnreachableException e =
        assertThrows(
            UnreachableException.class,
            () -> push(transport).push(archive, "localhost:" + port + "/x"));
    assertEquals(4, e.exitCode());
  }

  /** Until the proxy was asked with the name and the password in its address. */
  @Test
  void goesThroughTheProxyOfTheEnvironment() throws Exception {
    ProxySelector before = ProxySelector.getDefault();
    try (ServerSocket proxy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      proxy.setSoTimeout(30_000);
      Map<String, String> environment =
          Map.of(
              "DOCKER_CONFIG",
              directory.toString(),
              "https_proxy",
              "http://me:secret@127.0.0.1:" + proxy.getLocalPort(),
              "no_proxy", // for who else is in this process
              "localhost,127.0.0.1");
      RegistryPush push = new RegistryPush(Progress.silent(), Transport.SECURE, environment);
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      Thread pushing =
          new Thread(
              () -> {
                try {
                  push.push(archive, "registry.example/team/x");
                } catch (Throwable e) {
                  ended.complete(e);
                }
              });
      pushing.start();
      String asked = asked(proxy, "407 Proxy Authentication Required");
      assertTrue(asked.startsWith("CONNECT registry.example:443 HTTP/1.1\r\n"), asked);
      String again = asked(proxy, "403 Forbidden");
      String secret = Base64.getEncoder().encodeToString("me:secret".getBytes(UTF_8));
      assertTrue(again.contains("\r\nProxy-Authorization: Basic " + secret + "\r\n"), again);
      pushing.interrupt(); // Jib would ask for a while.
      assertInstanceOf(BakeException.class, ended.get(30, TimeUnit.SECONDS));
    }
    assertSame(before, ProxySelector.getDefault());
  }

  /** What a client sends to the proxy, which then answers {@code status}. */
  private static String asked(ServerSocket proxy, String status) throws IOException {
    try (Socket socket = proxy.accept()) {
      socket.setSoTimeout(30_000);
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = socket.getInputStream().read();
        assertTrue(next >= 0, head::toString);
        head.append((char) next);
      }
      String answer =
          "HTTP/1.1 %s\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(answer.formatted(status).getBytes(UTF_8));
      return head.toString();
    }
  }

  @Test
  void wantsAnArchive() {
    assertThrows(
        HostException.class,
        () -> push(Transport.SECURE).push(directory.resolve("absent.oci.tar"), "localhost/x"));
  }

  private RegistryPush push(Transport transport) {
    return new RegistryPush(
        Progress.silent(), transport, Map.of("DOCKER_CONFIG", directory.toString()));
  }
}
