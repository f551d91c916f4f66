package io.hardbake.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import io.hardbake.failure.UnreachableException;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ProxiesTest {
  private static final String DIRECT = "direct";

  @Test
  void eachSchemeHasItsProxy() {
    Map<String, String> environment =
        Map.of("http_proxy", "http://one:3128", "HTTPS_PROXY", "two:8080");
    assertEquals("one:3128", proxy(environment, "http://mirror.example/"));
    assertEquals("two:8080", proxy(environment, "https://mirror.example/"));
    assertEquals("any:80", proxy(Map.of("all_proxy", "http://any/"), "http://mirror.example/"));
    assertEquals(DIRECT, proxy(Map.of(), "http://mirror.example/"));
  }

  @Test
  void lowerCaseWins() {
    assertEquals(
        "lower:1",
        proxy(
            Map.of("HTTP_PROXY", "http://upper:1", "http_proxy", "http://lower:1"),
            "http://mirror.example/"));
  }

  @Test
  void namedHostsAreReachedDirectly() {
    String list = "localhost, .corp.example,*.lab.example,plain.example,mirror.example:8080";
    for (String host :
        List.of(
            "localhost",
            "a.corp.example",
            "corp.example",
            "b.lab.example",
            "plain.example",
            "sub.PLAIN.example",
            "mirror.example:8080")) {
      assertEquals(DIRECT, except(list, "http://" + host + "/"), host);
    }
    for (String host : List.of("mirror.example", "notplain.example", "localhost.example")) {
      assertEquals("one:3128", except(list, "http://" + host + "/"), host);
    }
    assertEquals(DIRECT, except("*", "http://mirror.example/"));
  }

  @Test
  void namedAddressesAndBlocksOfThemAreReachedDirectly() {
    String list =
        "10.0.0.0/8 172.16.0.0/12,192.168.7.9,::1,fd00::/8,[2001:db8::1],[2001:db8::2]:8080";
    for (String host :
        List.of(
            "10.1.2.3",
            "10.255.0.1:3142",
            "172.31.255.255",
            "192.168.7.9",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[fdab::7]:80",
            "[2001:db8::1]",
            "[2001:DB8:0::1]",
            "[2001:db8::2]:8080")) {
      assertEquals(DIRECT, except(list, "http://" + host + "/"), host);
    }
    for (String host :
        List.of(
            "11.1.2.3",
            "172.32.0.1",
            "192.168.7.8",
            "[::2]",
            "[fe00::1]",
            "[2001:db8::2]",
            "10.mirror.example",
            "mirror.example")) {
      assertEquals("one:3128", except(list, "http://" + host + "/"), host);
    }
    assertEquals(DIRECT, except("0.0.0.0/0", "http://10.1.2.3/"));
    assertEquals("one:3128", except("0.0.0.0/0", "http://[::1]/"));
  }

  @Test
  void whatIsNoBlockOfAddressesIsIgnored() {
    String list = "10.0.0.0/33,10.0.0.0/x,10.0.0/8,/8,::1/129,10.1.2.3/,300.1.2.3/8,a:b/8,[,]";
    assertEquals("one:3128", except(list, "http://10.1.2.3/"));
    assertEquals("one:3128", except(list, "http://[::1]/"));
  }

  @Test
  void whatIsNoAddressOfAnHttpProxyIsIgnored() {
    for (String address : List.of("socks5://one:1080", "http://", "::", "")) {
      assertEquals(DIRECT, proxy(Map.of("http_proxy", address), "http://mirror.example/"), address);
    }
  }

  @Test
  void theProxyGetsItsNameAndPasswordAndTheRequest(@TempDir Path root) throws Exception {
    byte[] body = "body".getBytes(UTF_8);
    String expected = "Basic " + Base64.getEncoder().encodeToString("me:p@ss+word".getBytes(UTF_8));
    HttpHandler demanding =
        exchange -> {
          if (expected.equals(exchange.getRequestHeaders().getFirst("Proxy-Authorization"))) {
            LyingMirror.withoutRanges(body).handle(exchange);
          } else {
            exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"r\"");
            LyingMirror.status(407).handle(exchange);
          }
        };
    try (LyingMirror proxy = new LyingMirror()) {
      proxy.serve("/", demanding);
      String address = proxy.at("").toString().replace("//", "//me:p%40ss+word@");
      Fetcher fetcher =
          Fetcher.of(
              Store.open(root), Progress.silent(), FetchSettings.of(Map.of("http_proxy", address)));
      URI uri = URI.create("http://mirror.invalid/Release");
      assertArrayEquals(body, fetcher.read(List.of(uri), Size.kib(1), "Release"));
      assertEquals(uri.toString(), proxy.requests().get(0).path());
    }
  }

  @Test
  void aProxyThatRefusesATunnelIsUnreachable(@TempDir Path root) throws Exception {
    String refusal =
        "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n";
    try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(
              () -> {
                try (Socket connection = proxy.accept()) {
                  connection.getOutputStream().write(refusal.getBytes(UTF_8));
                  connection.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      String address = "http://127.0.0.1:" + proxy.getLocalPort();
      Fetcher fetcher =
          Fetcher.of(
              Store.open(root),
              Progress.silent(),
              FetchSettings.of(Map.of("https_proxy", address)));
      List<URI> uris = List.of(URI.create("https://mirror.invalid/Release"));
      UnreachableException e =
          assertThrows(
              UnreachableException.class, () -> fetcher.read(uris, Size.kib(1), "Release"));
      assertTrue(e.toString().contains("407"), e.toString());
      served.cancel(true);
    }
  }

  private static String except(String list, String uri) {
    return proxy(Map.of("http_proxy", "http://one:3128", "no_proxy", list), uri);
  }

  private static String proxy(Map<String, String> environment, String uri) {
    Proxy proxy = Proxies.of(environment).select(URI.create(uri)).get(0);
    return proxy.address() instanceof InetSocketAddress address
        ? address.getHostString() + ":" + address.getPort()
        : DIRECT;
  }
}
