package io.hardbake.io;

import java.util.Locale;

/** A number of bytes, never negative. */
public record Size(long bytes) implements Comparable<Size> {
  public static final Size ZERO = new Size(0);

  public Size {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative size: " + bytes);
    }
  }

  public static Size kib(long count) {
    return new Size(Math.multiplyExact(count, 1L << 10));
  }

  public static Size mib(long count) {
    return new Size(Math.multiplyExact(count, 1L << 20));
  }

  public static Size gib(long count) {
    return new Size(Math.multiplyExact(count, 1L << 30));
  }

  public Size plus(Size other) {
    return new Size(Math.addExact(bytes, other.bytes));
  }

  /** The difference; {@code other} must not be larger. */
  public Size minus(Size other) {
    return new Size(Math.subtractExact(bytes, other.bytes));
  }

  /** Blocks needed to hold this many bytes; the last may be partly used. */
  public long blocks(int blockSize) {
    return bytes / blockSize + (bytes % blockSize == 0 ? 0 : 1);
  }

  @Override
  public int compareTo(Size other) {
    return Long.compare(bytes, other.bytes);
  }

  /** For people: {@code 17 B}, {@code 4.2 KiB}, {@code 305.4 MiB}. */
  @Override
  public String toString() {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    double value = bytes;
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
