package io.hardbake.disk.fat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The entries before a short one that hold a long name: 13 UTF-16 units each, the last part first,
 * little-endian.
 *
 * @param shortName of the entry that follows, to which a checksum ties these
 */
record LongName(String name, String shortName) {
  /** UTF-16 units. */
  static final int MAX = 255;

  private static final int UNITS = 13;
  private static final int MAX_ENTRIES = (MAX + UNITS - 1) / UNITS;
  private static final int LAST = 0x40;
  private static final byte ATTRIBUTES = 0x0f;
  private static final int[] UNIT_AT = {
    0x01, 0x03, 0x05, 0x07, 0x09, 0x0e, 0x10, 0x12, 0x14, 0x16, 0x18, 0x1c, 0x1e
  };

  int entries() {
    return (name.length() + UNITS - 1) / UNITS;
  }

  void writeAt(ByteBuffer out, int at) {
    for (int i = 0; i < entries(); i++) {
      int part = entries() - i;
      write(out, at + i * FatEntry.BYTES, part, i == 0);
    }
  }

  // spotless:off
  private void write(ByteBuffer out, int at, int part, boolean last) {   // off   type    field
    out.put(at, (byte) (last ? part | LAST : part));                     // 0x00  u8      LDIR_Ord
    for (int i = 0; i < UNITS; i++) {                                    // 0x01  le16[5] LDIR_Name1
      out.putChar(at + UNIT_AT[i], unit((part - 1) * UNITS + i));        // 0x0e  le16[6] LDIR_Name2
    }                                                                    // 0x1c  le16[2] LDIR_Name3
    out.put(at + 0x0b, ATTRIBUTES);                                      // 0x0b  u8      LDIR_Attr
    out.put(at + 0x0c, (byte) 0);                                        // 0x0c  u8      LDIR_Type
    out.put(at + 0x0d, checksum());                                      // 0x0d  u8      LDIR_Chksum
    out.putShort(at + 0x1a, (short) 0);                                  // 0x1a  le16    LDIR_FstClusLO
  }
  // spotless:on

  static boolean isPart(ByteBuffer in, int at) {
    return (in.get(at + 0x0b) & 0x3f) == ATTRIBUTES;
  }

  /**
   * The name in the entries before a short one; nothing if they do not belong together.
   *
   * @param at where the short entry stands
   * @param count how many entries of a long name stand before it
   */
  static Optional<String> readBefore(ByteBuffer in, int at, int count) {
    if (count > MAX_ENTRIES) {
      return Optional.empty();
    }
    byte[] bytes = new byte[FatEntry.NAME];
    in.get(at, bytes);
    byte sum = checksum(new String(bytes, ISO_8859_1));
    StringBuilder name = new StringBuilder();
    for (int part = 1; part <= count; part++) {
      int from = at - part * FatEntry.BYTES;
      if (in.get(from) != (byte) (part == count ? part | LAST : part)
          || in.get(from + 0x0d) != sum) {
        return Optional.empty();
      }
      for (int unit : UNIT_AT) {
        name.append(in.getChar(from + unit));
      }
    }
    int end = name.indexOf("\0");
    return Optional.of(end < 0 ? name.toString() : name.substring(0, end));
  }

  /** A NUL ends a name that does not fill its last entry; ones fill the rest. */
  private char unit(int index) {
    return index < name.length() ? name.charAt(index) : index == name.length() ? 0 : '\uffff';
  }

  private byte checksum() {
    return checksum(shortName);
  }

  private static byte checksum(String shortName) {
    int sum = 0;
    for (byte b : shortName.getBytes(ISO_8859_1)) {
      sum = (((sum & 1) << 7) + (sum >> 1) + (b & 0xff)) & 0xff;
    }
    return (byte) sum;
  }
}
