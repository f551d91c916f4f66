package io.hardbake.disk.ext4;

import io.hardbake.io.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Access control lists, which ext4 stores in another form than programs see: entries of users and
 * groups by number have 8 bytes, all others 4, and the version is 1 instead of 2.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/attributes.html#posix-acls">ext4, POSIX
 *     ACLs</a>
 */
final class PosixAcl {
  private static final int SEEN_VERSION = 2;
  private static final int STORED_VERSION = 1;
  private static final int SEEN_ENTRY = 8;

  /** ACL_UNDEFINED_ID, of an entry whose tag says it all. */
  private static final int NO_ID = -1;

  private static final int USER_OBJ = 0x01;
  private static final int USER = 0x02;
  private static final int GROUP_OBJ = 0x04;
  private static final int GROUP = 0x08;
  private static final int MASK = 0x10;
  private static final int OTHER = 0x20;

  private PosixAcl() {}

  /** The stored form of what getxattr(2) shows; nothing if that is no list. */
  static Optional<Bytes> stored(Bytes seen) {
    ByteBuffer in = ByteBuffer.wrap(seen.toArray()).order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() < Integer.BYTES
        || in.getInt() != SEEN_VERSION
        || in.remaining() % SEEN_ENTRY != 0) {
      return Optional.empty();
    }
    ByteBuffer out = ByteBuffer.allocate(seen.length()).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(STORED_VERSION); // a_version
    while (in.hasRemaining()) {
      short tag = in.getShort();
      short permissions = in.getShort();
      int id = in.getInt();
      out.putShort(tag).putShort(permissions); // e_tag, e_perm
      switch (tag) {
        case USER, GROUP -> out.putInt(id); // e_id
        case USER_OBJ, GROUP_OBJ, MASK, OTHER -> {}
        default -> {
          return Optional.empty();
        }
      }
    }
    byte[] stored = new byte[out.position()];
    out.get(0, stored);
    return Optional.of(Bytes.of(stored));
  }

  /** The inverse of {@link #stored}; nothing if that is no list. */
  static Optional<Bytes> seen(Bytes stored) {
    ByteBuffer in = ByteBuffer.wrap(stored.toArray()).order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() < Integer.BYTES || in.getInt() != STORED_VERSION) {
      return Optional.empty();
    }
    ByteBuffer out = ByteBuffer.allocate(2 * stored.length()).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(SEEN_VERSION);
    while (in.remaining() >= Integer.BYTES) {
      short tag = in.getShort();
      out.putShort(tag).putShort(in.getShort());
      switch (tag) {
        case USER, GROUP -> {
          if (in.remaining() < Integer.BYTES) {
            return Optional.empty();
          }
          out.putInt(in.getInt());
        }
        case USER_OBJ, GROUP_OBJ, MASK, OTHER -> out.putInt(NO_ID);
        default -> {
          return Optional.empty();
        }
      }
    }
    byte[] seen = new byte[out.position()];
    out.get(0, seen);
    return in.hasRemaining() ? Optional.empty() : Optional.of(Bytes.of(seen));
  }
}
