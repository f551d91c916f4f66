package io.hardbake.disk.ext4;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * CRC-32C as ext4 takes it: it begins with all ones, as everywhere, but is not inverted at the end.
 * So a sum can be continued, and ext4 begins each with what says where the bytes belong: the file
 * system's UUID, and for what belongs to an inode its number and generation. The JDK's CRC-32C
 * cannot be continued, but is an instruction of the processor: feeding it the few bytes of the
 * prefix anew is the cheapest way.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/overview.html#checksums">ext4,
 *     Checksums</a>
 */
final class Checksum {
  private final byte[] prefix;

  private Checksum(byte[] prefix) {
    this.prefix = prefix;
  }

  /** Without a prefix, as the superblock has it. */
  static Checksum plain() {
    return new Checksum(new byte[0]);
  }

  /** For what belongs to the file system as a whole. */
  static Checksum of(UUID fileSystem) {
    return new Checksum(bytes(fileSystem));
  }

  /** A UUID in the order in which it is written (RFC 4122). */
  static byte[] bytes(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  static UUID uuid(ByteBuffer in, int at) {
    ByteBuffer bytes = ByteBuffer.allocate(16).put(0, in, at, 16); // big-endian
    return new UUID(bytes.getLong(0), bytes.getLong(8));
  }

  /** For what belongs to one inode; all generations are zero. */
  Checksum ofInode(int number) {
    return then(number, 0);
  }

  /** For what belongs to one group. */
  Checksum ofGroup(int number) {
    return then(number);
  }

  /** For the extended attributes in one block. */
  Checksum ofBlock(long number) {
    return then((int) number, (int) (number >>> 32));
  }

  private Checksum then(int... words) {
    ByteBuffer longer =
        ByteBuffer.allocate(prefix.length + Integer.BYTES * words.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(prefix);
    for (int word : words) {
      longer.putInt(word);
    }
    return new Checksum(longer.array());
  }

  int of(ByteBuffer bytes) {
    return of(bytes, 0, bytes.capacity());
  }

  int of(ByteBuffer bytes, int from, int length) {
    return of(bytes, from, length, 0);
  }

  /** The sum of some bytes and of zeros behind them, where the sum itself will stand. */
  int of(ByteBuffer bytes, int from, int length, int zeros) {
    CRC32C crc = new CRC32C();
    crc.update(prefix);
    crc.update(bytes.slice(from, length));
    crc.update(new byte[zeros]);
    return ~(int) crc.getValue();
  }
}
