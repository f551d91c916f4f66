package io.hardbake.disk.gpt;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * A GUID on disk: three little-endian numbers, then eight bytes as they are read.
 *
 * @see <a href="https://uefi.org/specs/UEFI/2.10/Apx_A_GUID_and_Time_Formats.html">UEFI 2.10,
 *     appendix A</a>
 */
final class Guid {
  static final int BYTES = 16;

  private Guid() {}

  // spotless:off
  static void writeAt(ByteBuffer out, int at, UUID id) {                // off  type  field
    out.putInt(at + 0x0, (int) (id.getMostSignificantBits() >>> 32));   // 0x0  le32  TimeLow
    out.putShort(at + 0x4, (short) (id.getMostSignificantBits() >>> 16)); // 0x4  le16  TimeMid
    out.putShort(at + 0x6, (short) id.getMostSignificantBits());        // 0x6  le16  TimeHighAndVersion
    for (int i = 0; i < 8; i++) {                                       // 0x8  u8[8] ClockSeq, Node
      out.put(at + 0x8 + i, (byte) (id.getLeastSignificantBits() >>> (56 - 8 * i)));
    }
  }
  // spotless:on

  /** What {@link #writeAt} wrote. */
  static UUID readAt(ByteBuffer in, int at) {
    long high =
        (in.getInt(at) & 0xffff_ffffL) << 32
            | (in.getShort(at + 0x4) & 0xffffL) << 16
            | (in.getShort(at + 0x6) & 0xffffL);
    long low = 0;
    for (int i = 0; i < 8; i++) {
      low = low << 8 | (in.get(at + 0x8 + i) & 0xff);
    }
    return new UUID(high, low);
  }
}
