package io.hardbake.io.deflate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * One gzip member of bytes in memory.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952, GZIP file format</a>
 */
public final class Gzip {
  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;

  private Gzip() {}

  /** Compresses bytes; no name and no time is recorded. */
  public static byte[] compress(byte[] bytes) {
    DeflateEncoder encoder = new DeflateEncoder();
    encoder.encode(bytes, 0, bytes.length, true);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    // spotless:off
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.put(0, (byte) 0x1f).put(1, (byte) 0x8b);         // 0  ID1, ID2
    header.put(2, (byte) 8);                                // 2  CM: deflate
    header.put(9, (byte) 255);                              // 9  OS: unknown
    ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    trailer.putInt((int) crc.getValue());                   // 0  CRC32
    trailer.putInt(bytes.length);                           // 4  ISIZE: modulo 2^32
    // spotless:on
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      out.write(header.array());
      encoder.writeTo(out);
      out.write(trailer.array());
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }
}
