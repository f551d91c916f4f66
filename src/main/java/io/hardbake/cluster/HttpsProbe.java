package io.hardbake.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks as the tutorial's curl does, trusting the cluster's CA and nobody else. */
final class HttpsProbe implements ApiProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int MOST_BYTES = 1 << 16;

  private final String url;
  private final SSLContext trust;

  private HttpsProbe(String url, SSLContext trust) {
    this.url = url;
    this.trust = trust;
  }

  static HttpsProbe at(String url, Path authority) throws BakeException, IOException {
    try (InputStream in = Files.newInputStream(authority)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca-" + trusted.size(), each);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return new HttpsProbe(url, context);
    } catch (NoSuchFileException e) {
      throw new UsageException(
          "the cluster's credentials are not there: " + authority + " is missing",
          "name the directory that the cluster was made with by --directory",
          e);
    } catch (GeneralSecurityException e) {
      throw new IntegrityException(
          authority + " holds no readable certificate: " + e.getMessage(),
          "restore it: each controller has it as /var/lib/kubernetes/ca.pem",
          e);
    }
  }

  @Override
  public String url() {
    return url;
  }

  @Override
  public Answer ask() {
    try {
      HttpsURLConnection connection =
          (HttpsURLConnection) URI.create(url + "/version").toURL().openConnection(Proxy.NO_PROXY);
      try {
        return ask(connection);
      } finally {
        connection.disconnect(); // What was not read to its end would stay open otherwise.
      }
    } catch (IOException e) {
      return new Answer(Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  private Answer ask(HttpsURLConnection connection) throws IOException {
    connection.setSSLSocketFactory(trust.getSocketFactory());
    connection.setConnectTimeout(Math.toIntExact(PATIENCE.toMillis()));
    connection.setReadTimeout(Math.toIntExact(PATIENCE.toMillis()));
    connection.setRequestProperty("Connection", "close");
    if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
      return new Answer(Optional.empty(), "HTTP status " + connection.getResponseCode());
    }
    try (InputStream in = connection.getInputStream()) {
      String version =
          new ObjectMapper().readTree(in.readNBytes(MOST_BYTES)).path("gitVersion").asText();
      return version.isEmpty()
          ? new Answer(Optional.empty(), "an answer without a version")
          : new Answer(Optional.of(version), "");
    }
  }
}
