package io.hardbake.io.tar;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The 512-byte header block of a tar, POSIX ustar and GNU alike: the fields as they are stored.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">pax, ustar
 *     Interchange Format</a>
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Standard.html">GNU tar, Basic Tar
 *     Format</a>
 */
final class TarFields {
  static final int BYTES = 512;

  private final byte[] block;

  // spotless:off
  String name() throws MalformedArchiveException      { return text(0, 100); }
  int mode() throws MalformedArchiveException         { return (int) (number(100, 8, "mode") & 07777); }
  int uid() throws MalformedArchiveException          { return owner(108, "uid"); }
  int gid() throws MalformedArchiveException          { return owner(116, "gid"); }
  long size() throws MalformedArchiveException        { return number(124, 12, "size"); }
  long mtime() throws MalformedArchiveException       { return number(136, 12, "mtime"); }
  char type()                                         { return (char) (block[156] & 0xff); }
  String linkTarget() throws MalformedArchiveException { return text(157, 100); }
  int major() throws MalformedArchiveException        { return (int) Math.min(Integer.MAX_VALUE, number(329, 8, "devmajor")); }
  int minor() throws MalformedArchiveException        { return (int) Math.min(Integer.MAX_VALUE, number(337, 8, "devminor")); }
  private String magic()                              { return new String(block, 257, 8, StandardCharsets.ISO_8859_1); }
  private String prefix() throws MalformedArchiveException { return text(345, 155); }
  // spotless:on

  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_BYTES = 8;

  /** Checks the checksum: the sum of all bytes, the checksum itself taken as spaces. */
  TarFields(byte[] block) throws MalformedArchiveException {
    this.block = block;
    long sum = 0;
    for (int i = 0; i < BYTES; i++) {
      boolean inChecksum = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_BYTES;
      sum += inChecksum ? ' ' : block[i] & 0xff;
    }
    if (sum != number(CHECKSUM, CHECKSUM_BYTES, "checksum")) {
      throw new MalformedArchiveException("a tar header's checksum does not match");
    }
  }

  static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** The name with ustar's prefix; GNU's format has other fields in the prefix's place. */
  String fullName() throws MalformedArchiveException {
    String prefix = magic().startsWith("ustar\0") ? prefix() : "";
    return prefix.isEmpty() ? name() : prefix + "/" + name();
  }

  private int owner(int at, String field) throws MalformedArchiveException {
    long number = number(at, 8, field);
    if (number > Integer.MAX_VALUE) {
      throw new MalformedArchiveException("a tar header's " + field + " is too large: " + number);
    }
    return (int) number;
  }

  /** Octal digits, or GNU's base-256 with the first bit set; never negative. */
  private long number(int at, int length, String field) throws MalformedArchiveException {
    long value = 0;
    if ((block[at] & 0x80) != 0) {
      // 0xff begins a negative number; of a positive one only the low seven bits count.
      for (int i = 0; i < length; i++) {
        int digit = i == 0 ? block[at] & 0x7f : block[at + i] & 0xff;
        if ((block[at] & 0x40) != 0 || value > Long.MAX_VALUE >> 8) {
          throw new MalformedArchiveException("a tar header's " + field + " is out of range");
        }
        value = value << 8 | digit;
      }
      return value;
    }
    int i = at;
    int end = at + length;
    while (i < end && block[i] == ' ') {
      i++;
    }
    for (; i < end && block[i] >= '0' && block[i] <= '7'; i++) {
      value = value << 3 | (block[i] - '0');
    }
    for (; i < end; i++) {
      if (block[i] != ' ' && block[i] != 0) {
        throw new MalformedArchiveException("a tar header's " + field + " is no octal number");
      }
    }
    return value;
  }

  private String text(int at, int length) throws MalformedArchiveException {
    int end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return utf8(block, at, end - at);
  }

  /** Names are UTF-8 (Policy 10.10), and nothing is guessed where they are not. */
  static String utf8(byte[] bytes, int at, int length) throws MalformedArchiveException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, at, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedArchiveException("a name in the tar is not UTF-8", e);
    }
  }
}
