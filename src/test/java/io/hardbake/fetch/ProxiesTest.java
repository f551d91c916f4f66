package io.hardbake.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class ProxiesTest {
  private static final String DIRECT = "direct";

  @Test
  void eachSchemeHasItsProxy() {
    Map<String, String> environment =
        Map.of("http_proxy", "http://one:3128", "HTTPS_PROXY", "two:8080");
    assertEquals("one:3128", proxy(environment, "http://mirror.example/"));
    assertEquals("two:8080", proxy(environment, "https://mirror.example/"));
    assertEquals("any:1080", proxy(Map.of("all_proxy", "http://any/"), "http://mirror.example/"));
    assertEquals(DIRECT, proxy(Map.of(), "http://mirror.example/"));
  }

  @Test
  void lowerCaseWinsUnlessItIsEmpty() {
    assertEquals(
        "lower:1",
        proxy(
            Map.of("HTTP_PROXY", "http://upper:1", "http_proxy", "http://lower:1"),
            "http://mirror.example/"));
    assertEquals(
        "upper:1",
        proxy(
            Map.of("HTTPS_PROXY", "http://upper:1", "https_proxy", ""), "https://mirror.example/"));
    assertEquals(
        DIRECT,
        proxy(
            Map.of("http_proxy", "http://one:1", "no_proxy", "", "NO_PROXY", "mirror.example"),
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
  void whatCannotBeUsedIsRefusedWhereItIsNeeded() throws Exception {
    for (String address :
        List.of(
            "socks5h://one:1080",
            "http://",
            "::",
            "one:70000",
            "http://one:port",
            "http://me:pa#ss@one:3128",
            "http://me:1/2@one:3128")) {
      Map<String, String> environment =
          Map.of("https_proxy", "two:8080", "ALL_PROXY", address, "no_proxy", "near.example");
      Proxies proxies = Proxies.of(environment);
      URI far = URI.create("http://mirror.example/");
      UsageException e = assertThrows(UsageException.class, () -> proxies.require(far), address);
      assertTrue(e.toString().contains(": ALL_PROXY names a proxy that"), e::toString);
      assertTrue(e.remedy().contains("ALL_PROXY=http://HOST:PORT"), e::remedy);
      assertFalse(e.toString().matches(".*(pa|ss|1/2).*@.*"), e::toString);
      assertNotEquals(DIRECT, proxy(environment, far.toString()), address);
      proxies.require(URI.create("http://near.example/"));
      proxies.require(URI.create("https://mirror.example/"));
    }
    assertEquals(DIRECT, proxy(Map.of("http_proxy", ""), "http://mirror.example/"));
  }

  @Test
  void aProxyThatCannotBeUsedEndsWhatNeedsIt(@TempDir Path root) throws Exception {
    Map<String, String> environment = Map.of("http_proxy", "socks5://me:secret@one:1080");
    FetchSettings settings = FetchSettings.of(environment);
    List<URI> uris = List.of(URI.create("http://mirror.invalid/Release"));
    Store store = Store.open(root);
    Fetcher fetcher = Fetcher.of(store, Progress.silent(), settings);
    UsageException e =
        assertThrows(UsageException.class, () -> fetcher.read(uris, Size.kib(1), "Release"));
    assertTrue(e.toString().contains("socks5://***@one:1080"), e::toString);
    Fetcher offline = Fetcher.of(store, Progress.silent(), settings.withOffline(true));
    assertThrows(UnreachableException.class, () -> offline.read(uris, Size.kib(1), "Release"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy_1:3128, proxy_1, 3128, ,",
    "http://me:p@ss@one:3128, one, 3128, me, p@ss",
    "http://me:50%@one:3128, one, 3128, me, 50%",
    "http://me:%70w+%25@one, one, 1080, me, pw+%",
    "me:@one:3128/, one, 3128, me, ''",
    "https://me@one, one, 443, me, ''",
    "http://me:pw@[::1]:8080, ::1, 8080, me, pw",
  })
  void addressesAreReadAsCurlReadsThem(
      String address, String host, int port, @Nullable String user, @Nullable String password)
      throws Exception {
    Proxies proxies = Proxies.of(Map.of("http_proxy", address));
    URI uri = URI.create("http://mirror.example/");
    proxies.require(uri);
    InetSocketAddress chosen = (InetSocketAddress) proxies.select(uri).get(0).address();
    assertEquals(host, chosen.getHostString().replaceAll("^(0:){7}", "::"));
    assertEquals(port, chosen.getPort());
    Optional<PasswordAuthentication> answer =
        proxies
            .authenticator()
            .map(
                each ->
                    each.requestPasswordAuthenticationInstance(
                        host,
                        null,
                        chosen.getPort(),
                        "http",
                        "",
                        "basic",
                        null,
                        Authenticator.RequestorType.PROXY));
    assertEquals(Optional.ofNullable(user), answer.map(PasswordAuthentication::getUserName));
    assertEquals(
        Optional.ofNullable(password), answer.map(each -> String.valueOf(each.getPassword())));
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
