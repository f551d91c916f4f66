package io.hardbake.disk.gpt;

import io.hardbake.io.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a BIOS reads first, with the protective MBR that keeps old partitioning tools off the disk:
 * sector 0.
 *
 * @param code the boot code, 440 bytes at most; none leaves the disk to UEFI alone
 * @param diskSignature a number that tells disks apart, as Windows and BIOSes use it
 * @see <a href="https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html">UEFI 2.10,
 *     5.2.3 Protective MBR</a>
 */
public record BootSector(Bytes code, int diskSignature) {
  public static final int MAX_CODE = 440;

  private static final int ENTRY = 0x1be;
  private static final int OTHER_ENTRIES = 3 * 0x10;
  private static final byte GPT_PROTECTIVE = (byte) 0xee;
  private static final short SIGNATURE = (short) 0xaa55;
  private static final long MAX_U32 = 0xffff_ffffL;

  public BootSector {
    if (code.length() > MAX_CODE) {
      throw new IllegalArgumentException("boot code of " + code.length() + " bytes");
    }
  }

  /** No code: a BIOS cannot boot the disk. */
  public static BootSector empty() {
    return new BootSector(Bytes.of(new byte[0]), 0);
  }

  // spotless:off
  void writeAt(ByteBuffer out, int at, long diskSectors) {            // off    type   field
    out.put(at, code.toArray());                                      // 0x000  u8[440] BootCode
    out.putInt(at + 0x1b8, diskSignature);                            // 0x1b8  le32   UniqueMBRDiskSignature
    out.put(at + ENTRY + 0x0, (byte) 0);                              // 0x1be  u8     BootIndicator: never active
    out.put(at + ENTRY + 0x1, new byte[] {0, 2, 0});                  // 0x1bf  u8[3]  StartingCHS of LBA 1
    out.put(at + ENTRY + 0x4, GPT_PROTECTIVE);                        // 0x1c2  u8     OSType
    out.put(at + ENTRY + 0x5, new byte[] {-1, -1, -1});               // 0x1c3  u8[3]  EndingCHS: beyond its range
    out.putInt(at + ENTRY + 0x8, 1);                                  // 0x1c6  le32   StartingLBA
    out.putInt(at + ENTRY + 0xc, (int) Math.min(diskSectors - 1, MAX_U32)); // 0x1ca  le32   SizeInLBA, clamped by the spec
    out.putShort(at + 0x1fe, SIGNATURE);                              // 0x1fe  le16   Signature
  }
  // spotless:on

  /** What {@link #writeAt} wrote; nothing if there is no protective MBR over the whole disk. */
  static Optional<BootSector> readAt(ByteBuffer in, int at, long diskSectors) {
    byte[] code = new byte[MAX_CODE];
    in.get(at, code);
    byte[] others = new byte[OTHER_ENTRIES];
    in.get(at + ENTRY + 0x10, others);
    if (in.get(at + ENTRY + 0x4) != GPT_PROTECTIVE
        || in.getInt(at + ENTRY + 0x8) != 1
        || in.getInt(at + ENTRY + 0xc) != (int) Math.min(diskSectors - 1, MAX_U32)
        || !Arrays.equals(others, new byte[OTHER_ENTRIES])
        || in.getShort(at + 0x1fe) != SIGNATURE) {
      return Optional.empty();
    }
    return Optional.of(new BootSector(Bytes.of(code), in.getInt(at + 0x1b8)));
  }
}
