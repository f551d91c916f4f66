package io.hardbake.debian.unpack;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The end of a pack, from which it is read; big-endian.
 *
 * @param indexAt where the index begins
 * @param checksum CRC-32C (RFC 3720) of everything before the trailer: it finds damage, not malice
 */
record PackTrailer(long indexAt, int checksum) {
  static final int BYTES = 8 + 4 + 16;
  private static final byte[] MAGIC = "hardbake pack 1\n".getBytes(StandardCharsets.US_ASCII);

  // spotless:off
  byte[] encode() {
    return ByteBuffer.allocate(BYTES)  // off  type
        .putLong(indexAt)              //   0  be64  indexAt
        .putInt(checksum)              //   8  be32  checksum
        .put(MAGIC)                    //  12  16    format and its version
        .array();
  }
  // spotless:on

  static PackTrailer decode(byte[] bytes) throws DamagedPackException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    PackTrailer trailer = new PackTrailer(buffer.getLong(), buffer.getInt());
    if (!buffer.equals(ByteBuffer.wrap(MAGIC))) {
      throw new DamagedPackException("it does not end as a pack does");
    }
    return trailer;
  }
}
