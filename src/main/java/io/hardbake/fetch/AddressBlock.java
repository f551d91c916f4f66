package io.hardbake.fetch;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The IP addresses that begin with the same bits, as {@code 10.0.0.0/8} names them; a single
 * address is a block of one.
 *
 * @param width bits of an address: 32 or 128
 * @param prefix how many of them count
 * @param bits those that count, as a number
 */
record AddressBlock(int width, int prefix, BigInteger bits) {
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

  /** Nothing that could be a host's name, which would be looked up. */
  private static final Pattern LITERAL =
      Pattern.compile(
          "(%s(?:\\.%s){3}|(?=[^:]*:[^:]*:)[0-9a-f:.]+)(?:/([0-9]{1,3}))?".formatted(BYTE, BYTE));

  /** Reads a block, or an address, in lower case; one of IPv6 may stand in brackets. */
  static Optional<AddressBlock> parse(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    Matcher literal = LITERAL.matcher(bracketed ? text.substring(1, text.length() - 1) : text);
    if (!literal.matches()) {
      return Optional.empty();
    }
    byte[] address;
    try {
      address = InetAddress.getAllByName(literal.group(1))[0].getAddress();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
    int width = address.length * 8;
    int prefix = literal.group(2) == null ? width : Integer.parseInt(literal.group(2));
    return prefix > width
        ? Optional.empty()
        : Optional.of(
            new AddressBlock(width, prefix, new BigInteger(1, address).shiftRight(width - prefix)));
  }

  boolean holds(AddressBlock other) {
    return width == other.width
        && prefix <= other.prefix
        && other.bits.shiftRight(other.prefix - prefix).equals(bits);
  }
}
