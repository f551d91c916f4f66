package io.hardbake.engine;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of IPv4 addresses in CIDR notation (RFC 4632).
 *
 * @param network the lowest address of the block, as an unsigned number
 * @param prefix how many leading bits all its addresses share
 */
public record Subnet(int network, int prefix) {
  private static final int BITS = 32;
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})/([0-9]{1,2})");

  public Subnet {
    if (prefix < 0 || prefix > BITS || (network & ~mask(prefix)) != 0) {
      throw new IllegalArgumentException("not a subnet: " + dotted(network) + "/" + prefix);
    }
  }

  /** The subnet that {@code text} spells, such as {@code 10.240.0.0/24}; host bits must be zero. */
  public static Optional<Subnet> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int network = 0;
    for (int i = 1; i <= 4; i++) {
      int octet = Integer.parseInt(matcher.group(i));
      if (octet > 255) {
        return Optional.empty();
      }
      network = network << 8 | octet;
    }
    int prefix = Integer.parseInt(matcher.group(5));
    return prefix <= BITS && (network & ~mask(prefix)) == 0
        ? Optional.of(new Subnet(network, prefix))
        : Optional.empty();
  }

  /** The smallest subnet with both {@code address} and {@code prefix}, for an IPv4 address. */
  public static Subnet around(InetAddress address, int prefix) {
    byte[] octets = address.getAddress();
    if (octets.length != 4) {
      throw new IllegalArgumentException("not an IPv4 address: " + address);
    }
    int bits = 0;
    for (byte octet : octets) {
      bits = bits << 8 | Byte.toUnsignedInt(octet);
    }
    return new Subnet(bits & mask(prefix), prefix);
  }

  /** The address with {@code number} in its host bits: 10 gives {@code 10.240.0.10}. */
  public String address(int number) {
    // The lowest address names the subnet, the highest is its broadcast.
    if (number < 1 || number > (~mask(prefix) & 0x7fffffff) - 1) {
      throw new IllegalArgumentException(this + " has no address " + number);
    }
    return dotted(network | number);
  }

  /** Whether some address is in both. */
  public boolean overlaps(Subnet other) {
    int common = mask(Math.min(prefix, other.prefix));
    return (network & common) == (other.network & common);
  }

  private static int mask(int prefix) {
    return prefix == 0 ? 0 : -1 << (BITS - prefix);
  }

  private static String dotted(int address) {
    return String.format(
        Locale.ROOT,
        "%d.%d.%d.%d",
        address >>> 24,
        address >>> 16 & 0xff,
        address >>> 8 & 0xff,
        address & 0xff);
  }

  @Override
  public String toString() {
    return dotted(network) + "/" + prefix;
  }
}
