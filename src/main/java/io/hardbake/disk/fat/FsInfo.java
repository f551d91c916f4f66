package io.hardbake.disk.fat;

import java.nio.ByteBuffer;

/**
 * FAT32's FSInfo sector: little-endian.
 *
 * @param freeClusters how many are free
 * @param nextFree where a search for a free one should begin
 */
record FsInfo(long freeClusters, long nextFree) {
  // spotless:off
  void writeAt(ByteBuffer out, int at) {                        // off    type  field
    out.putInt(at + 0x000, 0x41615252);                         // 0x000  le32  FSI_LeadSig
    out.putInt(at + 0x1e4, 0x61417272);                         // 0x1e4  le32  FSI_StrucSig
    out.putInt(at + 0x1e8, Math.toIntExact(freeClusters));      // 0x1e8  le32  FSI_Free_Count
    out.putInt(at + 0x1ec, Math.toIntExact(nextFree));          // 0x1ec  le32  FSI_Nxt_Free
    out.putInt(at + 0x1fc, 0xaa550000);                         // 0x1fc  le32  FSI_TrailSig
  }
  // spotless:on
}
