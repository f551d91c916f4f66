package io.hardbake.disk.fat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * A directory entry with a short name: 32 bytes, little-endian.
 *
 * @param name eleven characters, the dot left out
 * @param cluster the first one, 0 for an empty file
 * @param size 0 for directories
 */
record FatEntry(String name, int attributes, Instant time, long cluster, long size) {
  static final int BYTES = 32;
  static final int VOLUME_LABEL = 0x08;
  static final int DIRECTORY = 0x10;
  static final int FILE = 0x20; // "archive": not backed up yet

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
