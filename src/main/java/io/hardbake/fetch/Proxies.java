package io.hardbake.fetch;

import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that the environment names, as curl reads it: {@code http_proxy}, {@code https_proxy}
 * and {@code all_proxy} hold addresses, {@code no_proxy} a list of hosts that are reached directly:
 * a name stands for its subdomains too, {@code 10.0.0.0/8} for addresses, {@code *} for all. Lower
 * case wins over upper case, and an empty variable is as good as none. {@code HTTP_PROXY} counts
 * too, which curl leaves to CGI, where a client could set it.
 *
 * <p>A variable that names no proxy that can be used matters to those requests alone that it is
 * for: see {@link #require}.
 */
public final class Proxies extends ProxySelector {
  private final Map<String, ProxyAddress> byScheme;
  private final Map<String, UsageException> unusable;
  private final List<String> direct;

  private Proxies(
      Map<String, ProxyAddress> byScheme,
      Map<String, UsageException> unusable,
      List<String> direct) {
    this.byScheme = Map.copyOf(byScheme);
    this.unusable = Map.copyOf(unusable);
    this.direct = List.copyOf(direct);
  }

  /** Those of a process with that environment; there may be none. */
  public static Proxies of(Map<String, String> environment) {
    Map<String, ProxyAddress> byScheme = new TreeMap<>();
    Map<String, UsageException> unusable = new TreeMap<>();
    for (String scheme : List.of("http", "https")) {
      Optional<String> variable =
          variable(environment, scheme + "_proxy").or(() -> variable(environment, "all_proxy"));
      if (variable.isPresent()) {
        String name = variable.get();
        try {
          byScheme.put(scheme, ProxyAddress.parse(name, environment.getOrDefault(name, "")));
        } catch (UsageException e) {
          unusable.put(scheme, e);
        }
      }
    }
    List<String> direct = new ArrayList<>();
    String list =
        variable(environment, "no_proxy")
            .map(name -> environment.getOrDefault(name, ""))
            .orElse("");
    for (String host : list.split("[, ]+", -1)) {
      String name = host.startsWith("*.") ? host.substring(2) : host;
      name = name.startsWith(".") ? name.substring(1) : name;
      if (!name.isEmpty()) {
        direct.add(name.toLowerCase(Locale.ROOT));
      }
    }
    return new Proxies(byScheme, unusable, direct);
  }

  /** Whether the environment names none. */
  public boolean isEmpty() {
    return byScheme.isEmpty() && unusable.isEmpty();
  }

  /**
   * Makes sure that the way to an address is known.
   *
   * @throws UsageException where it leads by a proxy that is named, and cannot be used
   */
  public void require(URI uri) throws UsageException {
    UsageException problem = unusable.get(scheme(uri));
    if (problem != null && !isDirect(uri)) {
      throw problem;
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Who did not ask {@link #require} before gets an address that nobody answers at, rather than
   * past a proxy that is to be used.
   */
  @Override
  public List<Proxy> select(URI uri) {
    String scheme = scheme(uri);
    ProxyAddress proxy = byScheme.get(scheme);
    if ((proxy == null && !unusable.containsKey(scheme)) || isDirect(uri)) {
      return List.of(Proxy.NO_PROXY);
    }
    InetSocketAddress address =
        proxy == null
            ? InetSocketAddress.createUnresolved("the proxy for " + scheme, 1)
            : new InetSocketAddress(proxy.host(), proxy.port());
    return List.of(new Proxy(Proxy.Type.HTTP, address));
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException e) {
    // The request fails by itself and says so.
  }

  /** Answers proxies, and nobody else, with the name and password in their address. */
  public Optional<Authenticator> authenticator() {
    if (byScheme.values().stream().allMatch(proxy -> proxy.credentials().isEmpty())) {
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
    for (ProxyAddress proxy : byScheme.values()) {
      if (host.equalsIgnoreCase(proxy.host())
          && port == proxy.port()
          && proxy.credentials().isPresent()) {
        return proxy.credentials().get();
      }
    }
    return null;
  }

  private static String scheme(URI uri) {
    return String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
  }

  private boolean isDirect(URI uri) {
    return isDirect(String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT), uri.getPort());
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

  /** The name of the variable that counts: in lower case, or in upper. */
  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Stream.of(name, name.toUpperCase(Locale.ROOT))
        .filter(each -> !environment.getOrDefault(each, "").isEmpty())
        .findFirst();
  }
}
