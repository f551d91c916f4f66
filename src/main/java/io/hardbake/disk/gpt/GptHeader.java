package io.hardbake.disk.gpt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * The GPT header, at either end of the disk: 92 bytes, little-endian.
 *
 * @param at the sector it stands in
 * @param other the sector of the other header
 * @param firstUsable first sector that a partition may use
 * @param lastUsable last sector that a partition may use
 * @param entries first sector of this header's array of entries
 * @param entriesCrc CRC-32 of that array
 * @see <a href="https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html">UEFI 2.10,
 *     5.3.2 GPT Header</a>
 */
record GptHeader(
    long at,
    long other,
    long firstUsable,
    long lastUsable,
    UUID disk,
    long entries,
    int entriesCrc) {
  static final int BYTES = 92;
  private static final long SIGNATURE = 0x5452415020494645L; // "EFI PART"
  private static final int REVISION = 0x00010000;

  // spotless:off
  void writeAt(ByteBuffer out, int offset) {                 // off   type  field
    out.putLong(offset + 0x00, SIGNATURE);                   // 0x00  u64   Signature
    out.putInt(offset + 0x08, REVISION);                     // 0x08  le32  Revision 1.0
    out.putInt(offset + 0x0c, BYTES);                        // 0x0c  le32  HeaderSize
    out.putInt(offset + 0x10, 0);                            // 0x10  le32  HeaderCRC32, 0 while summed
    out.putInt(offset + 0x14, 0);                            // 0x14  le32  Reserved
    out.putLong(offset + 0x18, at);                          // 0x18  le64  MyLBA
    out.putLong(offset + 0x20, other);                       // 0x20  le64  AlternateLBA
    out.putLong(offset + 0x28, firstUsable);                 // 0x28  le64  FirstUsableLBA
    out.putLong(offset + 0x30, lastUsable);                  // 0x30  le64  LastUsableLBA
    Guid.writeAt(out, offset + 0x38, disk);                  // 0x38  guid  DiskGUID
    out.putLong(offset + 0x48, entries);                     // 0x48  le64  PartitionEntryLBA
    out.putInt(offset + 0x50, GptEntry.COUNT);               // 0x50  le32  NumberOfPartitionEntries
    out.putInt(offset + 0x54, GptEntry.BYTES);               // 0x54  le32  SizeOfPartitionEntry
    out.putInt(offset + 0x58, entriesCrc);                   // 0x58  le32  PartitionEntryArrayCRC32
    out.putInt(offset + 0x10, crc(out, offset, BYTES));
  }
  // spotless:on

  /** What stands in a sector; nothing if that is no header with entries of the usual number. */
  static Optional<GptHeader> readAt(ByteBuffer in, int offset) {
    if (in.getLong(offset) != SIGNATURE
        || in.getInt(offset + 0x08) != REVISION
        || in.getInt(offset + 0x0c) != BYTES
        || in.getInt(offset + 0x50) != GptEntry.COUNT
        || in.getInt(offset + 0x54) != GptEntry.BYTES) {
      return Optional.empty();
    }
    return Optional.of(
        new GptHeader(
            in.getLong(offset + 0x18),
            in.getLong(offset + 0x20),
            in.getLong(offset + 0x28),
            in.getLong(offset + 0x30),
            Guid.readAt(in, offset + 0x38),
            in.getLong(offset + 0x48),
            in.getInt(offset + 0x58)));
  }

  /** Whether a header's own CRC is right. */
  static boolean sumHolds(ByteBuffer in, int offset) {
    ByteBuffer summed =
        ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN).put(0, in, offset, BYTES);
    int sum = summed.getInt(0x10);
    return crc(summed.putInt(0x10, 0), 0, BYTES) == sum;
  }

  /** CRC-32 as UEFI and zlib have it. */
  static int crc(ByteBuffer bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes.slice(from, length));
    return (int) crc.getValue();
  }
}
