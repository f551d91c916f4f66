package io.hardbake.io.tar;

import io.hardbake.io.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The header of one tar member: a ustar block, preceded by a pax extended header where ustar has no
 * room. Owners have numbers only. We write the block ourselves, since Commons Compress passes pax
 * values through strings and would tear binary extended attributes, and since the bytes of a layer
 * or a box are ours to answer for.
 *
 * @param name relative, {@code /} between components, with a final {@code /} for directories
 * @param type POSIX's typeflag
 * @param linkName target of a symbolic or hard link, else empty
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">POSIX, pax:
 *     ustar and pax interchange format</a>
 */
public record TarHeader(
    String name,
    char type,
    int mode,
    int uid,
    int gid,
    long size,
    long mtime,
    String linkName,
    int major,
    int minor,
    SortedMap<String, Bytes> xattrs) {

  public static final int BLOCK = 512;
  public static final char FILE = '0';
  public static final char HARD_LINK = '1';
  public static final char SYMLINK = '2';
  public static final char CHARACTER_DEVICE = '3';
  public static final char BLOCK_DEVICE = '4';
  public static final char DIRECTORY = '5';
  public static final char FIFO = '6';
  private static final char EXTENDED = 'x';

  private static final int NAME_BYTES = 100;
  private static final long MAX_OCTAL_7 = 07777777;
  private static final long MAX_OCTAL_11 = 077777777777L;

  /** A member without owner, link, device numbers or extended attributes. */
  public static TarHeader plain(String name, char type, int mode, long size, long mtime) {
    return new TarHeader(name, type, mode, 0, 0, size, mtime, "", 0, 0, new TreeMap<>());
  }

  /** All blocks up to the member's body. */
  public byte[] encode() {
    SortedMap<String, byte[]> records = extendedRecords();
    if (records.isEmpty()) {
      return block();
    }
    byte[] body = encodeRecords(records);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(plain("PaxHeaders", EXTENDED, 0644, body.length, 0).block());
    out.writeBytes(body);
    out.writeBytes(new byte[padding(body.length)]);
    out.writeBytes(block());
    return out.toByteArray();
  }

  /** Zero bytes between a body's end and the next block. */
  public static int padding(long size) {
    return (int) (-size & (BLOCK - 1));
  }

  private SortedMap<String, byte[]> extendedRecords() {
    SortedMap<String, byte[]> records = new TreeMap<>();
    if (!fits(name)) {
      records.put("path", utf8(name));
    }
    if (!fits(linkName)) {
      records.put("linkpath", utf8(linkName));
    }
    if (uid > MAX_OCTAL_7) {
      records.put("uid", utf8(Integer.toString(uid)));
    }
    if (gid > MAX_OCTAL_7) {
      records.put("gid", utf8(Integer.toString(gid)));
    }
    if (size > MAX_OCTAL_11) {
      records.put("size", utf8(Long.toString(size)));
    }
    if (mtime < 0 || mtime > MAX_OCTAL_11) {
      records.put("mtime", utf8(Long.toString(mtime)));
    }
    xattrs.forEach((key, value) -> records.put("SCHILY.xattr." + key, value.toArray()));
    return records;
  }

  private static boolean fits(String text) {
    return text.length() <= NAME_BYTES && text.chars().allMatch(c -> c < 0x80);
  }

  /** Records of the form {@code "%d %s=%s\n"}, where the number counts itself too. */
  private static byte[] encodeRecords(SortedMap<String, byte[]> records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    records.forEach(
        (key, value) -> {
          byte[] keyBytes = utf8(key);
          int rest = keyBytes.length + value.length + 3;
          int length = rest + digits(rest);
          if (digits(length) > digits(rest)) {
            length++;
          }
          out.writeBytes(utf8(length + " "));
          out.writeBytes(keyBytes);
          out.write('=');
          out.writeBytes(value);
          out.write('\n');
        });
    return out.toByteArray();
  }

  private static int digits(int number) {
    return Integer.toString(number).length();
  }

  // spotless:off
  private byte[] block() {
    byte[] block = new byte[BLOCK];                              // off  length  field
    text(block, 0, utf8(name));                                  //   0    100   name
    octal(block, 100, 7, mode);                                  // 100      8   mode
    octal(block, 108, 7, uid > MAX_OCTAL_7 ? 0 : uid);           // 108      8   uid
    octal(block, 116, 7, gid > MAX_OCTAL_7 ? 0 : gid);           // 116      8   gid
    octal(block, 124, 11, size > MAX_OCTAL_11 ? 0 : size);       // 124     12   size
    octal(block, 136, 11, Math.min(Math.max(mtime, 0), MAX_OCTAL_11)); // 136 12 mtime
    Arrays.fill(block, 148, 156, (byte) ' ');                    // 148      8   chksum, spaces while summed
    block[156] = (byte) type;                                    // 156      1   typeflag
    text(block, 157, utf8(linkName));                            // 157    100   linkname
    System.arraycopy(utf8("ustar"), 0, block, 257, 5);           // 257      6   magic, with its NUL
    block[263] = '0';                                            // 263      2   version
    block[264] = '0';                                            // 265     64   uname, gname: none
    octal(block, 329, 7, major);                                 // 329      8   devmajor
    octal(block, 337, 7, minor);                                 // 337      8   devminor
    int sum = 0;                                                 // 345    155   prefix: pax instead
    for (byte b : block) {
      sum += Byte.toUnsignedInt(b);
    }
    octal(block, 148, 6, sum);
    block[154] = 0;
    return block;
  }
  // spotless:on

  private static void text(byte[] block, int at, byte[] text) {
    System.arraycopy(text, 0, block, at, Math.min(text.length, NAME_BYTES));
  }

  private static void octal(byte[] block, int at, int digits, long value) {
    long left = value;
    for (int i = at + digits - 1; i >= at; i--) {
      block[i] = (byte) ('0' + (left & 7));
      left >>= 3;
    }
    if (left != 0) {
      throw new IllegalArgumentException(value + " does not fit into " + digits + " octal digits");
    }
    block[at + digits] = 0;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
