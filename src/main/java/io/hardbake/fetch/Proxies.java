package io.hardbake.fetch;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that the environment names, as curl reads it: {@code http_proxy}, {@code https_proxy}
 * and {@code all_proxy} hold addresses, {@code no_proxy} a list of hosts that are reached directly:
 * a name stands for its subdomains too, {@code 10.0.0.0/8} for addresses, {@code *} for all. Lower
 * case wins over upper case.
 */
public final class Proxies extends ProxySelector {
  private final Map<String, URI> byScheme;
  private final List<String> direct;

  private Proxies(Map<String, URI> byScheme, List<String> direct) {
    this.byScheme = Map.copyOf(byScheme);
    this.direct = List.copyOf(direct);
  }

  /** Those of a process with that environment; there may be none. */
  public static Proxies of(Map<String, String> environment) {
    Map<String, URI> byScheme = new TreeMap<>();
    for (String scheme : List.of("http", "https")) {
      variable(environment, scheme + "_proxy")
          .or(() -> variable(environment, "all_proxy"))
          .flatMap(Proxies::address)
          .ifPresent(uri -> byScheme.put(scheme, uri));
    }
    List<String> direct = new ArrayList<>();
    for (String host : variable(environment, "no_proxy").orElse("").split("[, ]+", -1)) {
      String name = host.startsWith("*.") ? host.substring(2) : host;
      name = name.startsWith(".") ? name.substring(1) : name;
      if (!name.isEmpty()) {
        direct.add(name.toLowerCase(Locale.ROOT));
      }
    }
    return new Proxies(byScheme, direct);
  }

  /** Whether the environment names none. */
  public boolean isEmpty() {
    return byScheme.isEmpty();
  }

  @Override
  public List<Proxy> select(URI uri) {
    URI proxy = byScheme.get(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT));
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    if (proxy == null || isDirect(host, uri.getPort())) {
      return List.of(Proxy.NO_PROXY);
    }
    int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
    return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), port)));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    // The request fails by itself and says so.
  }

  /** Answers proxies, and nobody else, with the name and password in their address. */
  public Optional<Authenticator> authenticator() {
    if (byScheme.values().stream().noneMatch(proxy -> proxy.getRawUserInfo() != null)) {
      return Optional.empty();
    }
    return Optional.of(
        new Authenticator() {
          @Override
          protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                ? credentials(getRequestingHost(), getRequestingPort())
                : null;
          }
        });
  }

  private @Nullable PasswordAuthentication credentials(String host, int port) {
    for (URI proxy : byScheme.values()) {
      String user = proxy.getRawUserInfo();
      if (user != null && host.equalsIgnoreCase(proxy.getHost()) && port == proxy.getPort()) {
        String[] parts = user.split(":", 2);
        String password = parts.length > 1 ? parts[1] : "";
        return new PasswordAuthentication(decoded(parts[0]), decoded(password).toCharArray());
      }
    }
    return null;
  }

  private boolean isDirect(String host, int port) {
    Optional<AddressBlock> address = AddressBlock.parse(host);
    for (String name : direct) {
      if (address.isPresent()
          && AddressBlock.parse(name).filter(block -> block.holds(address.get())).isPresent()) {
        return true;
      }
      if (name.equals("*")
          || host.equals(name)
          || host.endsWith("." + name)
          || (host + ":" + port).equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** An address without a scheme is a host and a port; SOCKS is beyond the JDK's HTTP client. */
  private static Optional<URI> address(String text) {
    try {
      URI uri = URI.create(text.contains("://") ? text : "http://" + text);
      return uri.getHost() != null && uri.getScheme().startsWith("http")
          ? Optional.of(uri)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT))))
        .filter(value -> !value.isEmpty());
  }
}
