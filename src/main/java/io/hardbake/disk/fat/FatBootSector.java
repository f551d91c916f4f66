package io.hardbake.disk.fat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hardbake.disk.DamagedDiskException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The first sector, with the BIOS parameter block: little-endian. The fields from 0x24 on differ
 * between FAT32 and the others.
 *
 * @param label as it stands on disk: eleven characters
 */
record FatBootSector(FatGeometry geometry, int serialNumber, String label) {
  static final int FS_INFO_SECTOR = 1;
  static final int BACKUP_SECTOR = 6;

  private static final byte FIXED_DISK = (byte) 0xf8;
  private static final byte EXTENDED = 0x29;

  /** INT 18h hands over to the next boot device; HLT and a loop, should it come back. */
  private static final byte[] NOT_BOOTABLE = {(byte) 0xcd, 0x18, (byte) 0xf4, (byte) 0xeb, -3};

  // spotless:off
  void writeAt(ByteBuffer out, int at) {
    boolean fat32 = geometry.type() == FatType.FAT32;
    int code = fat32 ? 0x5a : 0x3e;
    boolean small = !fat32 && geometry.sectors() < 1 << 16;                  // off    type   field
    out.put(at, new byte[] {(byte) 0xeb, (byte) (code - 2), (byte) 0x90});   // 0x000  u8[3]  BS_jmpBoot
    out.put(at + 0x003, "HARDBAKE".getBytes(US_ASCII));                      // 0x003  u8[8]  BS_OEMName
    out.putShort(at + 0x00b, (short) FatGeometry.SECTOR);                    // 0x00b  le16   BPB_BytsPerSec
    out.put(at + 0x00d, (byte) geometry.clusterSectors());                   // 0x00d  u8     BPB_SecPerClus
    out.putShort(at + 0x00e, (short) geometry.reserved());                   // 0x00e  le16   BPB_RsvdSecCnt
    out.put(at + 0x010, (byte) FatGeometry.TABLES);                          // 0x010  u8     BPB_NumFATs
    out.putShort(at + 0x011, (short) geometry.rootEntries());                // 0x011  le16   BPB_RootEntCnt
    out.putShort(at + 0x013, (short) (small ? geometry.sectors() : 0));      // 0x013  le16   BPB_TotSec16
    out.put(at + 0x015, FIXED_DISK);                                         // 0x015  u8     BPB_Media
    out.putShort(at + 0x016, (short) (fat32 ? 0 : geometry.tableSectors())); // 0x016  le16   BPB_FATSz16
    out.putShort(at + 0x018, (short) 63);                                    // 0x018  le16   BPB_SecPerTrk, for BIOSes
    out.putShort(at + 0x01a, (short) 255);                                   // 0x01a  le16   BPB_NumHeads, for BIOSes
    out.putInt(at + 0x01c, 0);                                               // 0x01c  le32   BPB_HiddSec, for BIOSes
    out.putInt(at + 0x020, small ? 0 : Math.toIntExact(geometry.sectors())); // 0x020  le32   BPB_TotSec32
    if (fat32) {
      out.putInt(at + 0x024, Math.toIntExact(geometry.tableSectors()));      // 0x024  le32   BPB_FATSz32
      out.putShort(at + 0x028, (short) 0);                                   // 0x028  le16   BPB_ExtFlags: both tables live
      out.putShort(at + 0x02a, (short) 0);                                   // 0x02a  le16   BPB_FSVer 0.0
      out.putInt(at + 0x02c, FatGeometry.FIRST_CLUSTER);                     // 0x02c  le32   BPB_RootClus
      out.putShort(at + 0x030, (short) FS_INFO_SECTOR);                      // 0x030  le16   BPB_FSInfo
      out.putShort(at + 0x032, (short) BACKUP_SECTOR);                       // 0x032  le16   BPB_BkBootSec
      tail(out, at + 0x040);                                                 // 0x034  u8[12] BPB_Reserved
    } else {
      tail(out, at + 0x024);
    }
    out.put(at + code, NOT_BOOTABLE);
    out.putShort(at + 0x1fe, (short) 0xaa55);                                // 0x1fe  le16   Signature_word
  }

  private void tail(ByteBuffer out, int at) {                                // off   type   field
    out.put(at + 0x00, (byte) 0x80);                                         // 0x00  u8     BS_DrvNum: first hard disk
    out.put(at + 0x01, (byte) 0);                                            // 0x01  u8     BS_Reserved1
    out.put(at + 0x02, EXTENDED);                                            // 0x02  u8     BS_BootSig
    out.putInt(at + 0x03, serialNumber);                                     // 0x03  le32   BS_VolID
    out.put(at + 0x07, label.getBytes(US_ASCII));                            // 0x07  u8[11] BS_VolLab
    out.put(at + 0x12, geometry.type().label().getBytes(US_ASCII));          // 0x12  u8[8]  BS_FilSysType
  }
  // spotless:on

  /**
   * What {@link #writeAt} wrote, or another program.
   *
   * @param volumeSectors of the partition, which the file system may not exceed
   * @throws DamagedDiskException if there is no such file system
   */
  static FatBootSector readAt(ByteBuffer in, int at, long volumeSectors)
      throws DamagedDiskException {
    require(in.getShort(at + 0x1fe) == (short) 0xaa55, "there is no FAT file system");
    require(
        in.getShort(at + 0x00b) == FatGeometry.SECTOR && in.get(at + 0x010) == FatGeometry.TABLES,
        "its FAT has other sectors than of 512 bytes, or not two tables");
    int rootEntries = u16(in, at + 0x011);
    boolean fat32 = rootEntries == 0;
    long sectors = u16(in, at + 0x013) != 0 ? u16(in, at + 0x013) : u32(in, at + 0x020);
    long tableSectors = fat32 ? u32(in, at + 0x024) : u16(in, at + 0x016);
    Optional<FatGeometry> geometry =
        FatGeometry.of(
            sectors,
            Byte.toUnsignedInt(in.get(at + 0x00d)),
            u16(in, at + 0x00e),
            tableSectors,
            rootEntries);
    require(
        geometry.isPresent()
            && sectors <= volumeSectors
            && (!fat32
                || (in.getShort(at + 0x028) == 0
                    && in.getInt(at + 0x02c) == FatGeometry.FIRST_CLUSTER
                    && in.getShort(at + 0x030) == FS_INFO_SECTOR
                    && in.getShort(at + 0x032) == BACKUP_SECTOR
                    && geometry.get().reserved() > BACKUP_SECTOR + FS_INFO_SECTOR)),
        "its FAT of %d sectors does not add up".formatted(sectors));
    int tail = at + (fat32 ? 0x040 : 0x024);
    require(in.get(tail + 0x02) == EXTENDED, "its FAT has no label");
    byte[] label = new byte[FatEntry.NAME];
    in.get(tail + 0x07, label);
    return new FatBootSector(
        geometry.orElseThrow(), in.getInt(tail + 0x03), new String(label, US_ASCII));
  }

  private static void require(boolean condition, String problem) throws DamagedDiskException {
    if (!condition) {
      throw new DamagedDiskException(problem);
    }
  }

  private static int u16(ByteBuffer in, int at) {
    return Short.toUnsignedInt(in.getShort(at));
  }

  private static long u32(ByteBuffer in, int at) {
    return Integer.toUnsignedLong(in.getInt(at));
  }
}
