package io.hardbake.oci;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A registry on loopback that takes what it is given, or wants credentials. Its certificate is for
 * {@code registry.example}.
 */
final class StubRegistry implements AutoCloseable {
  private static final String PASSWORD = "password";

  /** How long the first commit of a blob takes. */
  volatile Duration firstCommit = Duration.ZERO;

  /** Whether it wants no credentials. */
  volatile boolean open = true;

  /** What Jib's property said at each commit of a blob. */
  final List<String> patience = new CopyOnWriteArrayList<>();

  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final SSLContext context;

  private StubRegistry(HttpsServer server, SSLContext context) {
    this.server = server;
    this.context = context;
  }

  static StubRegistry start(Path directory) throws Exception {
    Path file = directory.resolve("registry.p12");
    List<String> keytool = new ArrayList<>();
    keytool.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    String options =
        "-genkeypair -alias it -keyalg EC -groupname secp256r1 -dname CN=registry -validity 2"
            + " -ext san=dns:registry.example -storetype PKCS12 -storepass ";
    keytool.addAll(List.of((options + PASSWORD + " -keystore").split(" ", -1)));
    keytool.add(file.toString());
    Process process = new ProcessBuilder(keytool).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("it", keys.getCertificate("it"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    StubRegistry registry = new StubRegistry(server, context);
    server.setExecutor(registry.threads);
    server.createContext("/", registry::answer);
    server.start();
    return registry;
  }

  /** As it is called in a reference. */
  String name() {
    return "localhost:" + server.getAddress().getPort();
  }

  /** Makes sockets for somebody who trusts its certificate. */
  SSLSocketFactory trusting() {
    return context.getSocketFactory();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      String method = exchange.getRequestMethod();
      if (!open) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"x\"");
        exchange.sendResponseHeaders(401, -1);
      } else if (path.contains("/manifests/")) {
        manifest(exchange, path, method.equals("PUT") ? body : new byte[0]);
      } else if (method.equals("HEAD")) {
        exchange.sendResponseHeaders(404, -1);
      } else if (method.equals("GET")) {
        exchange.sendResponseHeaders(200, -1);
      } else {
        if (method.equals("PUT")) {
          commit();
        }
        exchange.getResponseHeaders().set("Location", "https://" + name() + "/v2/x/uploads/1");
        exchange.sendResponseHeaders(method.equals("PUT") ? 201 : 202, -1);
      }
    }
  }

  private void commit() throws IOException {
    patience.add(System.getProperty("jib.httpTimeout", "none"));
    Duration delay = firstCommit;
    firstCommit = Duration.ZERO;
    try {
      Thread.sleep(delay.toMillis());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void manifest(HttpExchange exchange, String path, byte[] body) throws IOException {
    if (body.length > 0) {
      manifests.put(path, body);
      exchange.sendResponseHeaders(201, -1);
      return;
    }
    byte[] served = manifests.getOrDefault(path, new byte[0]);
    exchange.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
    exchange.sendResponseHeaders(200, served.length);
    exchange.getResponseBody().write(served);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
