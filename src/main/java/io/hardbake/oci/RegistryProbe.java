package io.hardbake.oci;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Knocks at a registry's door. Jib's client tries again for a minute where nobody answers or where
 * TLS cannot work; this says so at once.
 */
final class RegistryProbe {
  private static final Pattern WITH_PORT = Pattern.compile("(.*):([0-9]+)");
  private static final int HTTPS = 443;
  private static final int MAX_PORT = 65535;
  private static final int MILLISECONDS = 10_000;

  private RegistryProbe() {}

  /** Whether the registry's name ends with a port that there cannot be. */
  static boolean hasImpossiblePort(String registry) {
    Matcher matcher = WITH_PORT.matcher(registry);
    return matcher.matches()
        && !(matcher.group(2).matches("0*[1-9][0-9]{0,4}")
            && Integer.parseInt(matcher.group(2)) <= MAX_PORT);
  }

  /** The registry's name without its port. */
  static String host(String registry) {
    Matcher matcher = WITH_PORT.matcher(registry);
    return matcher.matches() ? matcher.group(1) : registry;
  }

  /**
   * Does nothing where a proxy stands between.
   *
   * @throws javax.net.ssl.SSLException where {@code tls} is wanted and cannot be trusted, or is
   *     another host's
   * @throws IOException where nobody answers
   */
  static void knock(String registry, boolean tls) throws IOException {
    knock(registry, tls, (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  static void knock(String registry, boolean tls, SSLSocketFactory factory) throws IOException {
    if (tls && isBehindProxy(registry)) {
      return;
    }
    Matcher matcher = WITH_PORT.matcher(registry);
    String host = host(registry);
    int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : HTTPS;
    try (Socket socket = connect(host, port)) {
      if (tls) {
        socket.setSoTimeout(MILLISECONDS);
        try (SSLSocket secured = (SSLSocket) factory.createSocket(socket, host, port, true)) {
          // A plain socket asks only whether the certificate is trusted, not for which name it is.
          SSLParameters parameters = secured.getSSLParameters();
          parameters.setEndpointIdentificationAlgorithm("HTTPS");
          secured.setSSLParameters(parameters);
          secured.startHandshake();
        }
      }
    }
  }

  private static boolean isBehindProxy(String registry) {
    return ProxySelector.getDefault().select(URI.create("https://" + registry)).stream()
        .anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT);
  }

  private static Socket connect(String host, int port) throws IOException {
    IOException failure = new IOException("no address for " + host);
    for (InetAddress address : InetAddress.getAllByName(host)) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(address, port), MILLISECONDS);
        return socket;
      } catch (IOException e) {
        socket.close();
        failure =
            new IOException(address.getHostAddress() + " port " + port + ": " + e.getMessage(), e);
      }
    }
    throw failure;
  }
}
