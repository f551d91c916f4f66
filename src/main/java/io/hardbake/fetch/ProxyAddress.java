package io.hardbake.fetch;

import io.hardbake.failure.UsageException;
import java.net.PasswordAuthentication;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP proxy as curl reads its address: {@code [http://][USER[:PASSWORD]@]HOST[:PORT]}. The
 * parts are taken by hand, since no host of a {@code java.net.URI} has an underscore.
 *
 * @param host a name or an address, the latter without brackets
 * @param port curl's where none is written
 * @param credentials the name and password that it wants
 */
record ProxyAddress(String host, int port, Optional<PasswordAuthentication> credentials) {
  private static final int HTTP_PORT = 1080;
  private static final int HTTPS_PORT = 443;
  private static final int LAST_PORT = 65535;

  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([^\\s:@/\\[\\]]+))(?::(\\d{0,5}))?");

  /** A percent sign that begins no escape stands for itself. */
  private static final Pattern BARE_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  /**
   * The proxy that a variable of the environment names.
   *
   * @throws UsageException that names the variable and keeps the password secret
   */
  static ProxyAddress parse(String variable, String value) throws UsageException {
    Matcher scheme = SCHEME.matcher(value);
    boolean hasScheme = scheme.matches();
    String protocol = hasScheme ? scheme.group(1).toLowerCase(Locale.ROOT) : "http";
    if (!protocol.equals("http") && !protocol.equals("https")) {
      throw unusable(variable, value, protocol + " is no protocol of a proxy that hardbake speaks");
    }
    String rest = hasScheme ? scheme.group(2) : value;
    String authority = rest.split("[/?#]", 2)[0];
    if (rest.indexOf('@', authority.length()) >= 0) {
      throw unusable(variable, value, "one of / ? # stands before the @");
    }
    int at = authority.lastIndexOf('@');
    Matcher place = HOST_AND_PORT.matcher(authority.substring(at + 1));
    if (!place.matches()) {
      throw unusable(variable, value, "it is no host with a port");
    }
    int port = protocol.equals("https") ? HTTPS_PORT : HTTP_PORT;
    if (place.group(3) != null && !place.group(3).isEmpty()) {
      port = Integer.parseInt(place.group(3));
    }
    if (port < 1 || port > LAST_PORT) {
      throw unusable(variable, value, "there is no port " + port);
    }
    String host = place.group(1) == null ? place.group(2) : place.group(1);
    return new ProxyAddress(
        host, port, at < 0 ? Optional.empty() : Optional.of(credentials(authority, at)));
  }

  private static PasswordAuthentication credentials(String authority, int at) {
    String[] parts = authority.substring(0, at).split(":", 2);
    String password = parts.length > 1 ? parts[1] : "";
    return new PasswordAuthentication(decoded(parts[0]), decoded(password).toCharArray());
  }

  private static String decoded(String text) {
    String escaped = BARE_PERCENT.matcher(text.replace("+", "%2B")).replaceAll("%25");
    return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
  }

  private static UsageException unusable(String variable, String value, String why) {
    return new UsageException(
        "%s names a proxy that cannot be used, %s: %s".formatted(variable, masked(value), why),
        "write it as %s=http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, with %%2F, %%3F and %%23"
                .formatted(variable)
            + " for / ? # in a password; or unset it; or name what is to be reached directly in"
            + " no_proxy");
  }

  /** Without what may be a password: all before the last @, or a port that is no number. */
  private static String masked(String value) {
    Matcher scheme = SCHEME.matcher(value);
    int start = scheme.matches() ? scheme.start(2) : 0;
    String rest = value.substring(start);
    int at = rest.lastIndexOf('@');
    String shown =
        at < 0 ? rest.replaceFirst(":(?!\\d*(/|$)).*", ":***") : "***" + rest.substring(at);
    return value.substring(0, start) + shown;
  }
}
