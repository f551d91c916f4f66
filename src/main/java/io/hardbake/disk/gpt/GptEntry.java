package io.hardbake.disk.gpt;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * An entry of the partition table: 128 bytes, little-endian; one that is not used is zero.
 *
 * @param type what the partition is for, as {@link PartitionType} knows some
 * @param lastSector still in the partition
 * @param name for people
 * @see <a href="https://uefi.org/specs/UEFI/2.10/05_GUID_Partition_Table_Format.html">UEFI 2.10,
 *     5.3.3 GPT Partition Entry Array</a>
 */
public record GptEntry(UUID type, UUID id, long firstSector, long lastSector, String name) {
  static final int BYTES = 128;
  static final int COUNT = 128;

  private static final UUID UNUSED = new UUID(0, 0);

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

  /** The entry at a place; nothing if it is not used. */
  static Optional<GptEntry> readAt(ByteBuffer in, int at) {
    UUID type = Guid.readAt(in, at);
    if (type.equals(UNUSED)) {
      return Optional.empty();
    }
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < Partition.MAX_NAME && in.getChar(at + 0x38 + 2 * i) != 0; i++) {
      name.append(in.getChar(at + 0x38 + 2 * i));
    }
    return Optional.of(
        new GptEntry(
            type,
            Guid.readAt(in, at + 0x10),
            in.getLong(at + 0x20),
            in.getLong(at + 0x28),
            name.toString()));
  }

  public boolean is(PartitionType wanted) {
    return type.equals(wanted.guid());
  }

  /** Whether all of the partition lies between two sectors. */
  boolean within(long first, long last) {
    return firstSector >= first && lastSector >= firstSector && lastSector <= last;
  }

  /** Where the partition lies; only for one that lies within a disk. */
  public Extent extent() {
    return new Extent(firstSector, lastSector - firstSector + 1);
  }
}
