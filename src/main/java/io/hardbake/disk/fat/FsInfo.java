package io.hardbake.disk.fat;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * FAT32's FSInfo sector: little-endian.
 *
 * @param freeClusters how many are free
 * @param nextFree where a search for a free one should begin
 */
record FsInfo(long freeClusters, long nextFree) {
  private static final int LEAD = 0x41615252;
  private static final int STRUCTURE = 0x61417272;
  private static final int TRAIL = 0xaa550000;

  // spotless:off
  void writeAt(ByteBuffer out, int at) {                        // off    type  field
    out.putInt(at + 0x000, LEAD);                               // 0x000  le32  FSI_LeadSig
    out.putInt(at + 0x1e4, STRUCTURE);                          // 0x1e4  le32  FSI_StrucSig
    out.putInt(at + 0x1e8, Math.toIntExact(freeClusters));      // 0x1e8  le32  FSI_Free_Count
    out.putInt(at + 0x1ec, Math.toIntExact(nextFree));          // 0x1ec  le32  FSI_Nxt_Free
    out.putInt(at + 0x1fc, TRAIL);                              // 0x1fc  le32  FSI_TrailSig
  }
  // spotless:on

  /** What {@link #writeAt} wrote; nothing if there is no such sector. */
  static Optional<FsInfo> readAt(ByteBuffer in, int at) {
    return in.getInt(at + 0x000) != LEAD
            || in.getInt(at + 0x1e4) != STRUCTURE
            || in.getInt(at + 0x1fc) != TRAIL
        ? Optional.empty()
        : Optional.of(
            new FsInfo(
                Integer.toUnsignedLong(in.getInt(at + 0x1e8)),
                Integer.toUnsignedLong(in.getInt(at + 0x1ec))));
  }
}
