package io.hardbake.disk.qcow2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hardbake.disk.DamagedDiskException;
import java.nio.ByteBuffer;

/**
 * The header and its extensions, in the first cluster: big-endian.
 *
 * @param size of the disk in bytes
 * @param l1Entries how many entries the L1 table has
 * @param refcountTableClusters how many clusters the refcount table takes
 * @see <a href="https://www.qemu.org/docs/master/interop/qcow2.html">QEMU, docs/interop/qcow2,
 *     Header</a>
 */
record Qcow2Header(
    long size,
    int l1Entries,
    long l1Offset,
    long refcountTableOffset,
    int refcountTableClusters,
    Compression compression) {
  static final int BYTES = 112;

  /** As VMDK has it; tables of a larger disk would not fit into memory beside all else. */
  static final long MAX_SIZE = 1L << 41;

  static final int SECTOR = 512;
  static final int MAGIC = 0x514649fb; // "QFI" and 0xfb
  private static final int VERSION = 3;
  private static final int REFCOUNT_ORDER = 4; // 2^4 bits
  private static final int COMPRESSION_BIT = 3;

  private static final int FEATURE_NAMES = 0x6803f857;
  private static final int FEATURE_NAME_BYTES = 48;

  // spotless:off
  void writeAt(ByteBuffer out, int at) {                         // off  type  field
    out.putInt(at + 0, MAGIC);                                   //   0  be32  magic
    out.putInt(at + 4, VERSION);                                 //   4  be32  version
    out.putLong(at + 8, 0);                                      //   8  be64  backing_file_offset: none
    out.putInt(at + 16, 0);                                      //  16  be32  backing_file_size
    out.putInt(at + 20, Qcow2.CLUSTER_BITS);                     //  20  be32  cluster_bits
    out.putLong(at + 24, size);                                  //  24  be64  size
    out.putInt(at + 32, 0);                                      //  32  be32  crypt_method: none
    out.putInt(at + 36, l1Entries);                              //  36  be32  l1_size
    out.putLong(at + 40, l1Offset);                              //  40  be64  l1_table_offset
    out.putLong(at + 48, refcountTableOffset);                   //  48  be64  refcount_table_offset
    out.putInt(at + 56, refcountTableClusters);                  //  56  be32  refcount_table_clusters
    out.putInt(at + 60, 0);                                      //  60  be32  nb_snapshots
    out.putLong(at + 64, 0);                                     //  64  be64  snapshots_offset
    out.putLong(at + 72, incompatibleFeatures());                //  72  be64  incompatible_features
    out.putLong(at + 80, 0);                                     //  80  be64  compatible_features
    out.putLong(at + 88, 0);                                     //  88  be64  autoclear_features
    out.putInt(at + 96, REFCOUNT_ORDER);                         //  96  be32  refcount_order
    out.putInt(at + 100, BYTES);                                 // 100  be32  header_length
    out.put(at + 104, (byte) compression.number());              // 104  u8    compression_type
    featureNames(out, at + BYTES);                               // 105  u8[7] padding
  }

  /**
   * The header of a file that {@link Qcow2Disk} can read: version 3 with the usual sizes, without
   * backing file, snapshots or encryption, written to its end.
   */
  static Qcow2Header readAt(ByteBuffer in, int at) throws DamagedDiskException {
    require(in.getInt(at + 0) == MAGIC && in.getInt(at + 4) == VERSION, "it is no qcow2 version 3");
    require(in.getLong(at + 8) == 0 && in.getInt(at + 16) == 0, "it has a backing file");
    require(in.getInt(at + 20) == Qcow2.CLUSTER_BITS, "its clusters are not of 64 KiB");
    require(in.getInt(at + 32) == 0, "it is encrypted");
    require(in.getInt(at + 60) == 0, "it has snapshots");
    require(in.getInt(at + 96) == REFCOUNT_ORDER, "its refcounts are not of 16 bits");
    long features = in.getLong(at + 72);
    boolean typed = (features & 1L << COMPRESSION_BIT) != 0;
    require(
        (features & ~(1L << COMPRESSION_BIT)) == 0,
        "it has the incompatible features 0x%x: damaged, in use, or of another kind"
            .formatted(features));
    int length = in.getInt(at + 100);
    require(length >= BYTES - Long.BYTES && (!typed || length >= BYTES), "its header is cut off");
    int type = length >= BYTES ? in.get(at + 104) : Compression.DEFLATE.number();
    Compression compression = type == 0 ? Compression.DEFLATE : Compression.ZSTD;
    require(
        compression.number() == type && typed == (compression != Compression.DEFLATE),
        "its compression has the unknown type %d".formatted(type));
    long size = in.getLong(at + 24);
    require(
        size > 0 && size <= MAX_SIZE && size % SECTOR == 0, "its disk has %d bytes".formatted(size));
    return new Qcow2Header(
        size,
        in.getInt(at + 36),
        in.getLong(at + 40),
        in.getLong(at + 48),
        in.getInt(at + 56),
        compression);
  }

  private static void require(boolean condition, String problem) throws DamagedDiskException {
    if (!condition) {
      throw new DamagedDiskException("this qcow2 file cannot be read: " + problem);
    }
  }

  /** So that a QEMU that does not know zstd can say what it does not know. */
  private static void featureNames(ByteBuffer out, int at) {     // off  type   field
    out.putInt(at + 0, FEATURE_NAMES);                           //   0  be32   extension type
    out.putInt(at + 4, FEATURE_NAME_BYTES);                      //   4  be32   length of its data
    out.put(at + 8, (byte) 0);                                   //   8  u8     kind: incompatible
    out.put(at + 9, (byte) COMPRESSION_BIT);                     //   9  u8     bit
    out.put(at + 10, "compression type".getBytes(US_ASCII));     //  10  u8[46] name, padded with NULs
    out.putLong(at + 8 + FEATURE_NAME_BYTES, 0);                 //  56  be64   end of the extensions
  }
  // spotless:on

  /** The bit may be set only where the type is another than deflate. */
  private long incompatibleFeatures() {
    return compression == Compression.DEFLATE ? 0 : 1L << COMPRESSION_BIT;
  }
}
