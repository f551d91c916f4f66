package io.hardbake.disk.vmdk;

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

  private static final int MAGIC = 0x564d444b; // "KDMV"
  private static final int VERSION = 3;
  private static final int NEWLINE_TEST = 1;
  private static final int COMPRESSED = 1 << 16;
  private static final int MARKERS = 1 << 17;
  private static final int DEFLATE = 1;

  // spotless:off
  void writeAt(ByteBuffer out, int at) {                            // off   type    field
    out.putInt(at + 0x00, MAGIC);                                   // 0x00  le32    magicNumber
    out.putInt(at + 0x04, VERSION);                                 // 0x04  le32    version
    out.putInt(at + 0x08, NEWLINE_TEST | COMPRESSED | MARKERS);     // 0x08  le32    flags: bit 1, a redundant table, clear
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
}
