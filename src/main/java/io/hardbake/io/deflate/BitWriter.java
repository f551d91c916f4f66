package io.hardbake.io.deflate;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bits into bytes, least significant first, in a buffer that grows (RFC 1951, 3.1.1). */
final class BitWriter {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1 << 16];
  private int length;
  private long pending;
  private int pendingBits;

  void reset() {
    length = 0;
    pending = 0;
    pendingBits = 0;
  }

  /** Makes room for so many bytes, so that what follows need not ask. */
  void reserve(int count) {
    int needed = Math.addExact(Math.addExact(length, count), Long.BYTES);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
  }

  /**
   * Writes the low bits of {@code value}, of which the others are 0. Between two calls of {@link
   * #flush} that may be 56 bits in all, which nobody counts here: 7 may be left of a byte, and of
   * 64 {@code flush} would take none away.
   */
  void bits(long value, int count) {
    pending |= value << pendingBits;
    pendingBits += count;
  }

  /** Moves whole bytes into the buffer, where there must be room. */
  void flush() {
    LONG.set(bytes, length, pending);
    length += pendingBits >>> 3;
    pending >>>= pendingBits & ~7;
    pendingBits &= 7;
  }

  /** How many bits stand in the byte that is not full yet. */
  int pendingBits() {
    return pendingBits;
  }

  /** Fills up the last byte with zero bits. */
  void align() {
    pendingBits = (pendingBits + 7) & ~7;
    flush();
  }

  /** Copies bytes; the writer must be aligned. */
  void copy(byte[] source, int from, int count) {
    reserve(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  int length() {
    return length;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }
}
