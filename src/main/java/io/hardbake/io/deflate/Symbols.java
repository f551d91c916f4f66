package io.hardbake.io.deflate;

/** The alphabets of deflate: which symbol stands for a length or distance (RFC 1951, 3.2.5). */
final class Symbols {
  static final int END_OF_BLOCK = 256;
  static final int FIRST_LENGTH = 257;
  static final int LITERALS_AND_LENGTHS = 286;
  static final int DISTANCES = 30;

  /** Extra bits of each length symbol, from {@link #FIRST_LENGTH}. */
  static final int[] LENGTH_EXTRA = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
  };

  /** The least length of each length symbol. */
  static final int[] LENGTH_BASE = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258
  };

  static final int[] DISTANCE_EXTRA = new int[DISTANCES];
  static final int[] DISTANCE_BASE = new int[DISTANCES];

  private static final byte[] LENGTH_INDEX = new byte[MatchFinder.MAX_LENGTH + 1];

  static {
    for (int i = 0; i < LENGTH_BASE.length; i++) {
      int end = i + 1 < LENGTH_BASE.length ? LENGTH_BASE[i + 1] : MatchFinder.MAX_LENGTH + 1;
      for (int length = LENGTH_BASE[i]; length < end; length++) {
        LENGTH_INDEX[length] = (byte) i;
      }
    }
    for (int i = 0; i < DISTANCES; i++) {
      DISTANCE_EXTRA[i] = Math.max(0, (i >> 1) - 1);
      DISTANCE_BASE[i] = i < 2 ? i + 1 : 1 + ((2 | (i & 1)) << DISTANCE_EXTRA[i]);
    }
  }

  private Symbols() {}

  /** Index of a length's symbol in the tables of lengths. */
  static int lengthIndex(int length) {
    return LENGTH_INDEX[length];
  }

  /** The symbol of a distance: its highest bit and the one below. */
  static int distance(int distance) {
    int d = distance - 1;
    if (d < 4) {
      return d;
    }
    int top = 31 - Integer.numberOfLeadingZeros(d);
    return (top << 1) | ((d >>> (top - 1)) & 1);
  }
}
