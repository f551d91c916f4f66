package io.hardbake.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.sun.net.httpserver.HttpServer;
import io.hardbake.failure.HostException;
import io.hardbake.io.Sha256;
import java.io.IOException;
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
  void aContextThatIsNotThereIsNotTheLocalEngine(@TempDir Path directory) throws Exception {
    Path prod = context(directory, "prod", "tcp://192.0.2.1:2376");
    HostException e = lost(directory, Optional.of("nosuch"));
    assertTrue(message(e).contains("DOCKER_CONTEXT is 'nosuch'"), message(e));
    assertTrue(e.remedy().contains("unset DOCKER_CONTEXT"), e.remedy());

    Files.writeString(directory.resolve("config.json"), "{\"currentContext\":\"gone\"}");
    e = lost(directory, Optional.of("")); // as docker's command reads it
    assertTrue(message(e).contains("current context is 'gone'"), message(e));
    assertTrue(e.remedy().endsWith("docker context use default"), e.remedy());

    assertEquals("tcp://192.0.2.1:2376", host(settings(directory), Optional.of("prod")));
    Files.writeString(prod, "{");
    e = lost(directory, Optional.of("prod"));
    assertTrue(message(e).contains("'prod'"), message(e));
  }

  @Test
  void theDefaultContextIsAlwaysThere(@TempDir Path directory) throws Exception {
    String local = host(settings(directory), Optional.empty());
    Path file = directory.resolve("config.json");
    Files.writeString(file, "{\"currentContext\":\"gone\"}");
    assertEquals(local, host(settings(directory), Optional.of("default")));
    Files.writeString(file, "{\"currentContext\":\"default\"}");
    assertEquals(local, host(settings(directory), Optional.empty()));
  }

  /** Neither is the address of a context that exists, nor are its certificates for that one. */
  @Test
  void anAddressCountsMoreThanAnyContext(@TempDir Path directory) throws Exception {
    context(directory, "prod", "tcp://192.0.2.1:2376");
    Path keys = directory.resolve("contexts/tls/" + digest("prod") + "/docker");
    Files.createDirectories(keys);
    String address = "tcp://127.0.0.1:2375";
    for (String context : List.of("nosuch", "prod")) {
      DockerClientConfig configuration =
          DockerConnection.configuration(
              settings(directory).withDockerHost(address), Optional.of(context));
      assertEquals(address, configuration.getDockerHost().toString());
      assertNull(configuration.getSSLConfig());
    }
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

  /** Docker's settings in {@code directory}, whatever the environment of the test says. */
  private static DefaultDockerClientConfig.Builder settings(Path directory) {
    return new DefaultDockerClientConfig.Builder().withDockerConfig(directory.toString());
  }

  private static String host(DefaultDockerClientConfig.Builder settings, Optional<String> context)
      throws HostException {
    return DockerConnection.configuration(settings, context).getDockerHost().toString();
  }

  private static HostException lost(Path directory, Optional<String> context) {
    return assertThrows(HostException.class, () -> host(settings(directory), context));
  }

  /** Makes a context as docker's command does, and gives its file. */
  private static Path context(Path directory, String name, String address) throws IOException {
    Path file = directory.resolve("contexts/meta/" + digest(name) + "/meta.json");
    Files.createDirectories(file.getParent());
    return Files.writeString(
        file,
        "{\"Name\":\"%s\",\"Endpoints\":{\"docker\":{\"Host\":\"%s\"}}}".formatted(name, address));
  }

  private static String digest(String name) {
    return Sha256.of(name.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
