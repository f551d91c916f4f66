package io.hardbake.disk.vmdk;

import java.nio.ByteBuffer;

/**
 * What stands before each part: little-endian. Before a grain it takes 12 bytes and the grain
 * follows at once; before anything else, a sector.
 *
 * @param value a grain's first sector on the disk, else how many sectors follow
 * @param size bytes of a compressed grain, else 0
 * @param type what follows, where it is no grain
 * @see <a href="https://www.vmware.com/app/vmdk/?src=vmdk">VMware, Virtual Disk Format 5.0,
 *     Markers</a>
 */
record Marker(long value, int size, int type) {
  static final int GRAIN_BYTES = 12;
  static final int END_OF_STREAM = 0;
  static final int TABLE = 1;
  static final int DIRECTORY = 2;
  static final int FOOTER = 3;

  /** The marker of a compressed grain. */
  static byte[] grain(long sector, int size) {
    byte[] bytes = new byte[GRAIN_BYTES];
    new Marker(sector, size, 0).writeAt(Vmdk.view(bytes));
    return bytes;
  }

  /** A marker in a sector of its own. */
  static byte[] sector(long following, int type) {
    byte[] bytes = new byte[Vmdk.SECTOR];
    ByteBuffer out = Vmdk.view(bytes);
    new Marker(following, 0, type).writeAt(out);
    out.putInt(GRAIN_BYTES, type); // 0x0c  le32  type
    return bytes;
  }

  /** What {@link #grain} and {@link #sector} made. */
  static Marker readAt(ByteBuffer in, int at) {
    int size = in.getInt(at + 0x08);
    return new Marker(in.getLong(at + 0x00), size, size == 0 ? in.getInt(at + GRAIN_BYTES) : 0);
  }

  boolean isGrain() {
    return size != 0;
  }

  // spotless:off
  private void writeAt(ByteBuffer out) {               // off   type  field
    out.putLong(0x00, value);                          // 0x00  le64  val
    out.putInt(0x08, size);                            // 0x08  le32  size
  }
  // spotless:on
}
