package io.hardbake.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.sun.net.httpserver.HttpServer;
import io.hardbake.failure.HostException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How an engine is found, and what is made of its answers, without one. */
final class DockerConnectionTest {
  private static HostException refused(UnaryOperator<DefaultDockerClientConfig.Builder> settings) {
    HostException e =
        assertThrows(
            HostException.class,
            () ->
                DockerConnection.open(
                    () -> settings.apply(DefaultDockerClientConfig.createDefaultConfigBuilder())));
    assertEquals(7, e.exitCode());
    return e;
  }

  @ParameterizedTest
  @CsvSource({
    "ssh://root@host, ssh -NL /tmp/d.sock:/run/docker.sock root@host",
    "ssh://host:2222, ssh -p 2222 -NL /tmp/d.sock:/run/docker.sock host"
  })
  void aTunnelLeadsToAnEngineBehindSsh(String address, String tunnel) {
    HostException e = refused(settings -> settings.withDockerHost(address));
    assertTrue(e.remedy().contains(tunnel + "\n"), e.remedy());
    assertTrue(e.remedy().endsWith("export DOCKER_HOST=unix:///tmp/d.sock"), e.remedy());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:2375",
        "localhost",
        "http://localhost:2375",
        "http://",
        "fd://",
        "two words",
        "tcp://"
      })
  void anAddressThatIsNoneIsNoBug(String address) {
    HostException e = refused(settings -> settings.withDockerHost(address));
    assertTrue(e.remedy().contains("DOCKER_HOST"), e.remedy());
  }

  @Test
  void settingsThatCannotBeReadAreNoBug(@TempDir Path directory) throws Exception {
    Path absent = directory.resolve("absent");
    String words =
        message(
            refused(
                settings ->
                    settings
                        .withDockerHost("tcp://127.0.0.1:2376")
                        .withDockerTlsVerify(true)
                        .withDockerCertPath(absent.toString())));
    assertTrue(words.contains(absent.toString()), words);
    Files.writeString(directory.resolve("config.json"), "{");
    refused(
        settings ->
            settings.withDockerHost("tcp://127.0.0.1:2376").withDockerConfig(directory.toString()));
  }

  @Test
  void whoMayNotUseTheSocketIsToldHow() {
    HostException e =
        EngineTrouble.ofSilence(
            URI.create("unix:///var/run/docker.sock"),
            new IllegalStateException(new SocketException("Permission denied")));
    assertTrue(e.remedy().contains("usermod -aG docker"), e.remedy());
  }

  /** Docker answers so while somebody else's removal of the same container is under way. */
  @Test
  void aMachineThatSomebodyElseRemovesIsWaitedFor() throws Exception {
    List<String> asked = Collections.synchronizedList(new ArrayList<>());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
          asked.add(request);
          boolean gone = asked.stream().filter(request::equals).count() == 3;
          String answer =
              request.endsWith("/info")
                  ? "{}"
                  : request.startsWith("DELETE") || gone
                      ? "{\"message\":\"removal of container m is already in progress\"}"
                      : "{\"Id\":\"m\",\"Name\":\"/m\",\"State\":{},\"Config\":{}}";
          int code = request.startsWith("DELETE") ? 409 : gone ? 404 : 200;
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(code, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    URI address = URI.create("tcp://127.0.0.1:" + server.getAddress().getPort());
    try (Engine engine = Engine.connect(Optional.of(address))) {
      engine.remove("m");
    } finally {
      server.stop(0);
    }
    assertEquals(
        List.of(
            "GET /info",
            "DELETE /containers/m",
            "GET /containers/m/json",
            "GET /containers/m/json",
            "GET /containers/m/json"),
        List.copyOf(asked));
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
