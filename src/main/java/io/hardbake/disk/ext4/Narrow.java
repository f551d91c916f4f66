package io.hardbake.disk.ext4;

/** Checked narrowing to the unsigned fields of on-disk structs: what does not fit is a bug. */
final class Narrow {
  private Narrow() {}

  static byte u8(long value) {
    return (byte) check(value, 8);
  }

  static short u16(long value) {
    return (short) check(value, 16);
  }

  static int u32(long value) {
    return (int) check(value, 32);
  }

  /** The low half of a 32-bit field that is stored in two parts. */
  static short low16(int value) {
    return (short) value;
  }

  /** The high half of a 32-bit field that is stored in two parts. */
  static short high16(int value) {
    return (short) (value >>> 16);
  }

  /** The low half of a field that is stored in two parts; the high one goes through a check. */
  static int low32(long value) {
    return (int) value;
  }

  /** A 32-bit field that is stored in two parts. */
  static int join16(short low, short high) {
    return Short.toUnsignedInt(low) | high << 16;
  }

  /** A field of more than 32 bits that is stored in two parts; the high one of 16 bits. */
  static long join(int low, short high) {
    return Integer.toUnsignedLong(low) | (long) Short.toUnsignedInt(high) << 32;
  }

  private static long check(long value, int bits) {
    if (value < 0 || value >>> bits != 0) {
      throw new IllegalArgumentException(value + " does not fit into " + bits + " bits");
    }
    return value;
  }
}
