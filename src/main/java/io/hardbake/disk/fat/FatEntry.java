package io.hardbake.disk.fat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * A directory entry with a short name: 32 bytes, little-endian.
 *
 * @param name eleven characters, the dot left out
 * @param cluster the first one, 0 for an empty file
 * @param size 0 for directories
 */
record FatEntry(String name, int attributes, Instant time, long cluster, long size) {
  static final int BYTES = 32;
  static final int NAME = 11;

  /** Begins an entry that is free, and with it all behind. */
  static final int END = 0x00;

  /** Begins an entry that was removed. */
  static final int FREE = 0xe5;

  static final int VOLUME_LABEL = 0x08;
  static final int DIRECTORY = 0x10;
  static final int FILE = 0x20; // "archive": not backed up yet

  // DIR_NTRes, as Windows and Linux have it
  private static final int SMALL_BASE = 0x08;
  private static final int SMALL_EXTENSION = 0x10;

  private static final Instant FIRST = Instant.parse("1980-01-01T00:00:00Z");
  private static final int FIRST_YEAR = 1980;
  private static final int LAST_YEAR = 2107;

  // spotless:off
  void writeAt(ByteBuffer out, int at) {                     // off   type    field
    out.put(at, name.getBytes(US_ASCII));                    // 0x00  u8[11]  DIR_Name
    out.put(at + 0x0b, (byte) attributes);                   // 0x0b  u8      DIR_Attr
    out.put(at + 0x0c, (byte) 0);                            // 0x0c  u8      DIR_NTRes
    out.put(at + 0x0d, (byte) 0);                            // 0x0d  u8      DIR_CrtTimeTenth
    out.putShort(at + 0x0e, dosTime());                      // 0x0e  le16    DIR_CrtTime
    out.putShort(at + 0x10, dosDate());                      // 0x10  le16    DIR_CrtDate
    out.putShort(at + 0x12, dosDate());                      // 0x12  le16    DIR_LstAccDate
    out.putShort(at + 0x14, (short) (cluster >>> 16));       // 0x14  le16    DIR_FstClusHI
    out.putShort(at + 0x16, dosTime());                      // 0x16  le16    DIR_WrtTime
    out.putShort(at + 0x18, dosDate());                      // 0x18  le16    DIR_WrtDate
    out.putShort(at + 0x1a, (short) cluster);                // 0x1a  le16    DIR_FstClusLO
    out.putInt(at + 0x1c, (int) size);                       // 0x1c  le32    DIR_FileSize
  }
  // spotless:on

  /**
   * The entry at a place.
   *
   * @throws DateTimeException if its time is none
   */
  static FatEntry readAt(ByteBuffer in, int at) {
    byte[] name = new byte[NAME];
    in.get(at, name);
    int time = in.getShort(at + 0x16);
    int date = in.getShort(at + 0x18);
    LocalDateTime changed =
        LocalDateTime.of(
            FIRST_YEAR + (date >>> 9 & 0x7f),
            date >>> 5 & 0xf,
            date & 0x1f,
            time >>> 11 & 0x1f,
            time >>> 5 & 0x3f,
            2 * (time & 0x1f));
    return new FatEntry(
        new String(name, ISO_8859_1),
        in.get(at + 0x0b),
        changed.toInstant(ZoneOffset.UTC),
        Short.toUnsignedLong(in.getShort(at + 0x14)) << 16
            | Short.toUnsignedLong(in.getShort(at + 0x1a)),
        Integer.toUnsignedLong(in.getInt(at + 0x1c)));
  }

  /** The short name with its dot; in small letters where the entry says so. */
  static String shortName(ByteBuffer in, int at) {
    byte[] bytes = new byte[NAME];
    in.get(at, bytes);
    String base = new String(bytes, 0, NAME - 3, ISO_8859_1).stripTrailing();
    String extension = new String(bytes, NAME - 3, 3, ISO_8859_1).stripTrailing();
    int small = in.get(at + 0x0c);
    base = (small & SMALL_BASE) != 0 ? base.toLowerCase(Locale.ROOT) : base;
    extension = (small & SMALL_EXTENSION) != 0 ? extension.toLowerCase(Locale.ROOT) : extension;
    return extension.isEmpty() ? base : base + "." + extension;
  }

  /** The time that FAT can say: from 1980 to 2107. */
  private LocalDateTime clamped() {
    LocalDateTime utc =
        LocalDateTime.ofInstant(time.isBefore(FIRST) ? FIRST : time, ZoneOffset.UTC);
    return utc.getYear() > LAST_YEAR ? utc.withYear(LAST_YEAR) : utc;
  }

  /** Bits 0 to 4 the second halved, 5 to 10 the minute, 11 to 15 the hour. */
  private short dosTime() {
    LocalDateTime t = clamped();
    return (short) ((t.getSecond() / 2) | (t.getMinute() << 5) | (t.getHour() << 11));
  }

  /** Bits 0 to 4 the day, 5 to 8 the month, 9 to 15 the year from 1980. */
  private short dosDate() {
    LocalDateTime t = clamped();
    return (short)
        (t.getDayOfMonth() | (t.getMonthValue() << 5) | ((t.getYear() - FIRST_YEAR) << 9));
  }
}
