package io.hardbake.disk.vmdk;

import io.hardbake.disk.DamagedDiskException;
import java.nio.ByteBuffer;

/**
 * {@code SparseExtentHeader}: one sector, little-endian. Stands at the beginning, where the
 * directory's place is not told, and again as the footer, where it is.
 *
 * @param capacity sectors of the disk
 * @param directory sector of the grain directory, or {@link #AT_END}
 * @see <a href="https://www.vmware.com/app/vmdk/?src=vmdk">VMware, Virtual Disk Format 5.0, Hosted
 *     Sparse Extent Header</a>
 */
record SparseHeader(long capacity, long directory) {
  static final long AT_END = -1;

  static final int MAGIC = 0x564d444b; // "KDMV"
  private static final int VERSION = 3;
  private static final int NEWLINE_TEST = 1;
  private static final int COMPRESSED = 1 << 16;
  private static final int MARKERS = 1 << 17;
  private static final int DEFLATE = 1;
  private static final int FLAGS = NEWLINE_TEST | COMPRESSED | MARKERS;
  private static final int REDUNDANT = 1 << 1;
  private static final int NEWLINES = '\n' | ' ' << 8 | '\r' << 16 | '\n' << 24;

  /** 2 TiB, which is the format's own limit. */
  private static final long MAX_SECTORS = 1L << 32;

  // spotless:off
  void writeAt(ByteBuffer out, int at) {                            // off   type    field
    out.putInt(at + 0x00, MAGIC);                                   // 0x00  le32    magicNumber
    out.putInt(at + 0x04, VERSION);                                 // 0x04  le32    version
    out.putInt(at + 0x08, FLAGS);                                   // 0x08  le32    flags: bit 1, a redundant table, clear
    out.putLong(at + 0x0c, capacity);                               // 0x0c  le64    capacity
    out.putLong(at + 0x14, Vmdk.GRAIN_SECTORS);                     // 0x14  le64    grainSize
    out.putLong(at + 0x1c, Vmdk.DESCRIPTOR_SECTOR);                 // 0x1c  le64    descriptorOffset
    out.putLong(at + 0x24, Vmdk.DESCRIPTOR_SECTORS);                // 0x24  le64    descriptorSize
    out.putInt(at + 0x2c, Vmdk.TABLE_ENTRIES);                      // 0x2c  le32    numGTEsPerGT
    out.putLong(at + 0x30, 0);                                      // 0x30  le64    rgdOffset: none
    out.putLong(at + 0x38, directory);                              // 0x38  le64    gdOffset
    out.putLong(at + 0x40, Vmdk.OVERHEAD_SECTORS);                  // 0x40  le64    overHead
    out.put(at + 0x48, (byte) 0);                                   // 0x48  u8      uncleanShutdown
    out.put(at + 0x49, new byte[] {'\n', ' ', '\r', '\n'});         // 0x49  u8[4]   newline test
    out.putShort(at + 0x4d, (short) DEFLATE);                       // 0x4d  le16    compressAlgorithm
  }                                                                 // 0x4f  u8[433] pad
  // spotless:on

  /** The header of a file that {@link VmdkDisk} can read: compressed, with markers. */
  static SparseHeader readAt(ByteBuffer in, int at) throws DamagedDiskException {
    int flags = in.getInt(at + 0x08);
    require(in.getInt(at + 0x00) == MAGIC, "it has no header");
    require(in.getInt(at + 0x04) == VERSION, "it is not of version 3");
    require((flags & FLAGS) == FLAGS, "it is not streamOptimized");
    require((flags & ~(FLAGS | REDUNDANT)) == 0, "it has unknown flags");
    require(in.getLong(at + 0x14) == Vmdk.GRAIN_SECTORS, "its grains are not of 64 KiB");
    require(
        in.getLong(at + 0x1c) == Vmdk.DESCRIPTOR_SECTOR
            && in.getLong(at + 0x24) == Vmdk.DESCRIPTOR_SECTORS,
        "its descriptor is not where it has to be");
    require(in.getInt(at + 0x2c) == Vmdk.TABLE_ENTRIES, "its tables have not 512 entries");
    require(in.get(at + 0x48) == 0, "it was not closed");
    require(
        in.getInt(at + 0x49) == NEWLINES && in.getShort(at + 0x4d) == DEFLATE,
        "it was changed as if it were text");
    long capacity = in.getLong(at + 0x0c);
    require(capacity > 0 && capacity <= MAX_SECTORS, "its disk has %d sectors".formatted(capacity));
    return new SparseHeader(capacity, in.getLong(at + 0x38));
  }

  private static void require(boolean condition, String problem) throws DamagedDiskException {
    if (!condition) {
      throw new DamagedDiskException("this VMDK file cannot be read: " + problem);
    }
  }
}
