package io.hardbake.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP server on loopback that misbehaves in the ways that mirrors do, and notes what it was
 * asked.
 */
public final class LyingMirror implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What was asked for; the headers are empty where they were not sent. */
  public record Request(String path, String range, String ifRange) {}

  public LyingMirror() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(pool);
    server.start();
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  public URI at(String path) {
    InetSocketAddress address = server.getAddress();
    return URI.create(
        "http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + path);
  }

  /** Serves {@code path} in this way. */
  public URI serve(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          requests.add(
              new Request(
                  exchange.getRequestURI().toString(),
                  header(exchange, "Range"),
                  header(exchange, "If-Range")));
          try {
            handler.handle(exchange);
          } finally {
            exchange.close();
          }
        });
    return at(path);
  }

  /** Does one thing first and another ever after. */
  public static HttpHandler first(HttpHandler first, HttpHandler then) {
    AtomicInteger count = new AtomicInteger();
    return exchange -> (count.getAndIncrement() == 0 ? first : then).handle(exchange);
  }

  public static HttpHandler honest(byte[] body) {
    return withRanges(body, "\"one\"");
  }

  /** Understands {@code Range}, and {@code If-Range} for the entity tag. */
  public static HttpHandler withRanges(byte[] body, String tag) {
    return exchange -> {
      exchange.getResponseHeaders().set("ETag", tag);
      String range = header(exchange, "Range");
      String ifRange = header(exchange, "If-Range");
      if (range.isEmpty() || !(ifRange.isEmpty() || ifRange.equals(tag))) {
        send(exchange, 200, body);
        return;
      }
      int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, body.length - 1, body.length));
      send(exchange, 206, Arrays.copyOfRange(body, from, body.length));
    };
  }

  public static HttpHandler withoutRanges(byte[] body) {
    return exchange -> send(exchange, 200, body);
  }

  /** Sends the body and says of its length whatever {@code length} is. */
  public static HttpHandler withLength(String length, byte[] body) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Length", length);
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(body);
    };
  }

  /** Sends the body as if it were a part, whichever {@code range} says. */
  public static HttpHandler part(String range, byte[] body) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Range", range);
      send(exchange, 206, body);
    };
  }

  public static HttpHandler status(int status) {
    return exchange -> send(exchange, status, "<html>no</html>".getBytes(UTF_8));
  }

  /** Asks to be left alone for so many seconds. */
  public static HttpHandler busy(int seconds) {
    return exchange -> {
      exchange.getResponseHeaders().set("Retry-After", Integer.toString(seconds));
      exchange.sendResponseHeaders(429, -1);
    };
  }

  public static HttpHandler redirect(String location) {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", location);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  /** Promises all of the body, sends the beginning, and closes the connection. */
  public static HttpHandler truncated(byte[] body, int length) {
    return exchange -> {
      exchange.getResponseHeaders().set("ETag", "\"one\"");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body, 0, length);
      exchange.getResponseBody().flush();
    };
  }

  /** Sends the beginning and then nothing, as long as the server lives. */
  public HttpHandler stalling(byte[] body, int length) {
    return exchange -> {
      truncated(body, length).handle(exchange);
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** Sends a byte every tenth of a second. */
  public HttpHandler dripping(byte[] body) {
    return exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      for (byte each : body) {
        exchange.getResponseBody().write(each);
        exchange.getResponseBody().flush();
        try {
          if (closed.await(100, TimeUnit.MILLISECONDS)) {
            return;
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    };
  }

  /** Sends the body again and again, without saying for how long. */
  public static HttpHandler endless(byte[] body) {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      while (true) {
        exchange.getResponseBody().write(body);
      }
    };
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    pool.shutdownNow();
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }
}
