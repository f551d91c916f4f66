package io.hardbake.disk.gpt;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * An entry of the partition table: 128 bytes, little-endian; one that is not used is zero.
 *
 * @see <a href="https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html">UEFI 2.10,
 *     5.3.3 GPT Partition Entry Array</a>
 */
record GptEntry(UUID type, UUID id, long firstSector, long lastSector, String name) {
  static final int BYTES = 128;
  static final int COUNT = 128;

  static GptEntry of(Partition partition) {
    return new GptEntry(
        partition.type().guid(),
        partition.id(),
        partition.extent().firstSector(),
        partition.extent().lastSector(),
        partition.name());
  }

  // spotless:off
  void writeAt(ByteBuffer out, int at) {                     // off   type  field
    Guid.writeAt(out, at + 0x00, type);                      // 0x00  guid  PartitionTypeGUID
    Guid.writeAt(out, at + 0x10, id);                        // 0x10  guid  UniquePartitionGUID
    out.putLong(at + 0x20, firstSector);                     // 0x20  le64  StartingLBA
    out.putLong(at + 0x28, lastSector);                      // 0x28  le64  EndingLBA, inclusive
    out.putLong(at + 0x30, 0);                               // 0x30  le64  Attributes
    for (int i = 0; i < name.length(); i++) {                // 0x38  le16[36]  PartitionName, UTF-16
      out.putChar(at + 0x38 + 2 * i, name.charAt(i));
    }
  }
  // spotless:on
}
