package io.hardbake.credentials;

import io.hardbake.failure.UsageException;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A name or address under which a server may be called: one entry of subjectAltName (RFC 5280,
 * section 4.2.1.6).
 *
 * @param text a DNS name in lower case, or an address in canonical form
 */
public record AlternativeName(Kind kind, String text) {
  /** What the text is. */
  public enum Kind {
    DNS,
    ADDRESS
  }

  private static final int MAX_NAME = 253;
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  /** The last label has a letter: what is digits and dots only was meant to be an address. */
  private static final Pattern NAME = Pattern.compile("(" + LABEL + "\\.)*(?![0-9]+$)" + LABEL);

  public AlternativeName {
    boolean good =
        switch (kind) {
          case DNS -> isName(text.startsWith("*.") ? text.substring(2) : text);
          case ADDRESS -> IpText.parse(text).map(IpText::format).equals(Optional.of(text));
        };
    if (!good) {
      throw new IllegalArgumentException("neither a DNS name nor an address: " + text);
    }
  }

  /** The entry of a host name, or of a wildcard such as {@code *.example.com}. */
  public static AlternativeName ofName(String name) {
    return new AlternativeName(Kind.DNS, name.toLowerCase(Locale.ROOT));
  }

  public static AlternativeName of(InetAddress address) {
    return new AlternativeName(Kind.ADDRESS, IpText.format(address));
  }

  /** Reads what a user wrote: an IPv4 or IPv6 address, or a name. */
  public static AlternativeName parse(String text) throws UsageException {
    Optional<InetAddress> address = IpText.parse(text);
    if (address.isPresent()) {
      return of(address.get());
    }
    try {
      return ofName(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "'" + text + "' is neither a host name nor an address",
          "give a name such as api.example.com, or an address such as 192.168.50.10 or fd00::10",
          e);
    }
  }

  /** Whether {@code text} can name a host (RFC 1123, section 2.1), in lower case. */
  static boolean isName(String text) {
    return text.length() <= MAX_NAME && NAME.matcher(text).matches();
  }

  @Override
  public String toString() {
    return text;
  }
}
