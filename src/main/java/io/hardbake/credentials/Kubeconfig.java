package io.hardbake.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hardbake.io.Bytes;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kubeconfig with everything embedded, in the form of {@code kubectl config}.
 *
 * @param server the API's URL
 * @param user the name of the entry; the API takes the user from the certificate
 * @param ca PEM, like the certificate and the key
 */
record Kubeconfig(String server, String user, Bytes ca, Bytes certificate, Bytes key) {
  /** The API as the machine's own components reach it. */
  static final String LOCAL = "https://127.0.0.1:6443";

  private static final Pattern SERVER = field("server");
  private static final Pattern CA = field("certificate-authority-data");
  private static final Pattern CERTIFICATE = field("client-certificate-data");
  private static final Pattern KEY = field("client-key-data");

  /** The API behind a name or address. */
  static String url(AlternativeName host) {
    return "https://%s:6443"
        .formatted(host.text().contains(":") ? "[" + host.text() + "]" : host.text());
  }

  byte[] write() {
    return """
        apiVersion: v1
        clusters:
        - cluster:
            certificate-authority-data: %s
            server: %s
          name: kubernetes-the-hard-way
        contexts:
        - context:
            cluster: kubernetes-the-hard-way
            user: %s
          name: default
        current-context: default
        kind: Config
        preferences: {}
        users:
        - name: %3$s
          user:
            client-certificate-data: %s
            client-key-data: %s
        """
        .formatted(base64(ca), server, user, base64(certificate), base64(key))
        .getBytes(UTF_8);
  }

  /**
   * Reads what {@link #write} or kubectl wrote: one cluster and one user, on lines of their own.
   */
  static Optional<Kubeconfig> read(byte[] text) {
    String yaml = new String(text, UTF_8);
    try {
      return Optional.of(
          new Kubeconfig(
              find(SERVER, yaml),
              "",
              bytes(find(CA, yaml)),
              bytes(find(CERTIFICATE, yaml)),
              bytes(find(KEY, yaml))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Pattern field(String name) {
    return Pattern.compile("(?m)^ +" + name + ": *(\\S+) *$");
  }

  private static String find(Pattern field, String yaml) {
    Matcher matcher = field.matcher(yaml);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no " + field);
    }
    return matcher.group(1);
  }

  private static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }

  private static Bytes bytes(String base64) {
    return Bytes.of(Base64.getDecoder().decode(base64));
  }
}
