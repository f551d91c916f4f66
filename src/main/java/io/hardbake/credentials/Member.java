package io.hardbake.credentials;

import io.hardbake.failure.UsageException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A machine of the cluster.
 *
 * @param name its host name, in lower case
 * @param addresses those under which others reach it, as far as they are known beforehand
 */
public record Member(String name, List<InetAddress> addresses) {
  public Member {
    addresses = List.copyOf(addresses);
    if (!AlternativeName.isName(name)) {
      throw new IllegalArgumentException("not a host name: " + name);
    }
  }

  public static Member named(String name) {
    return new Member(name, List.of());
  }

  /** Reads {@code NAME}, {@code NAME=ADDRESS} or {@code NAME=ADDRESS,ADDRESS}. */
  public static Member parse(String text) throws UsageException {
    int equals = text.indexOf('=');
    String name = (equals < 0 ? text : text.substring(0, equals)).toLowerCase(Locale.ROOT);
    if (!AlternativeName.isName(name)) {
      throw new UsageException(
          "'" + name + "' in '" + text + "' is not a host name",
          "use letters, digits, hyphens and dots, as in controller-0=192.168.50.10");
    }
    List<InetAddress> addresses = new ArrayList<>();
    if (equals >= 0) {
      for (String address : text.substring(equals + 1).split(",", -1)) {
        Optional<InetAddress> parsed = IpText.parse(address);
        if (parsed.isEmpty()) {
          throw new UsageException(
              "'" + address + "' in '" + text + "' is not an address",
              "give an IPv4 or IPv6 address, as in " + name + "=192.168.50.10, or the name alone");
        }
        addresses.add(parsed.get());
      }
    }
    return new Member(name, addresses);
  }

  /** The address to call it by, or the name where no address is known. */
  AlternativeName preferred() {
    return addresses.isEmpty()
        ? AlternativeName.ofName(name)
        : AlternativeName.of(addresses.get(0));
  }

  /** Its name and its addresses, as a certificate lists them. */
  public List<AlternativeName> names() {
    return Stream.concat(
            Stream.of(AlternativeName.ofName(name)), addresses.stream().map(AlternativeName::of))
        .toList();
  }
}
