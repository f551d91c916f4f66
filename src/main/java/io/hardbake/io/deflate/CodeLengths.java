package io.hardbake.io.deflate;

import java.util.Arrays;

/**
 * How a block with codes of its own says what they are: the lengths of both codes end to end,
 * repeats run together, in a third Huffman code (RFC 1951, 3.2.7).
 */
final class CodeLengths {
  private static final int REPEAT_LAST = 16; // 3 to 6 times, 2 extra bits
  private static final int REPEAT_ZERO = 17; // 3 to 10 times, 3 extra bits
  private static final int REPEAT_ZERO_LONG = 18; // 11 to 138 times, 7 extra bits
  private static final int SYMBOLS = 19;
  private static final int[] EXTRA = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 7};
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };
  private static final int MIN_LITERALS = 257;
  private static final int MIN_SENT = 4;

  private final HuffmanCode code = new HuffmanCode(SYMBOLS, 7);
  private final int[] frequencies = new int[SYMBOLS];
  private final int[] all = new int[Symbols.LITERALS_AND_LENGTHS + Symbols.DISTANCES];
  // A symbol, and above it the value of its extra bits.
  private final int[] runs = new int[all.length];
  private int runCount;
  private int literalCount;
  private int distanceCount;
  private int sent;

  void encode(int[] literals, int[] distances) {
    literalCount = used(literals, MIN_LITERALS);
    distanceCount = used(distances, 1);
    System.arraycopy(literals, 0, all, 0, literalCount);
    System.arraycopy(distances, 0, all, literalCount, distanceCount);
    Arrays.fill(frequencies, 0);
    runCount = 0;
    int total = literalCount + distanceCount;
    for (int at = 0; at < total; ) {
      int length = all[at];
      int end = at + 1;
      while (end < total && all[end] == length) {
        end++;
      }
      addRun(length, end - at);
      at = end;
    }
    code.build(frequencies);
    sent = SYMBOLS;
    while (sent > MIN_SENT && code.lengths[ORDER[sent - 1]] == 0) {
      sent--;
    }
  }

  private void addRun(int length, int times) {
    int left = times;
    if (length == 0) {
      for (; left >= 11; left -= Math.min(left, 138)) {
        add(REPEAT_ZERO_LONG, Math.min(left, 138) - 11);
      }
      if (left >= 3) {
        add(REPEAT_ZERO, left - 3);
        left = 0;
      }
    } else {
      add(length, 0);
      left--;
      for (; left >= 3; left -= Math.min(left, 6)) {
        add(REPEAT_LAST, Math.min(left, 6) - 3);
      }
    }
    for (; left > 0; left--) {
      add(length, 0);
    }
  }

  private void add(int symbol, int extra) {
    runs[runCount++] = symbol | (extra << 8);
    frequencies[symbol]++;
  }

  /** How many bits {@link #write} takes. */
  long bits() {
    long bits = 5 + 5 + 4 + 3L * sent;
    for (int symbol = 0; symbol < SYMBOLS; symbol++) {
      bits += (long) frequencies[symbol] * (code.lengths[symbol] + EXTRA[symbol]);
    }
    return bits;
  }

  void write(BitWriter out) {
    out.bits(literalCount - MIN_LITERALS, 5); // HLIT
    out.bits(distanceCount - 1, 5); // HDIST
    out.bits(sent - MIN_SENT, 4); // HCLEN
    out.flush();
    for (int i = 0; i < sent; i++) {
      out.bits(code.lengths[ORDER[i]], 3);
      out.flush();
    }
    for (int i = 0; i < runCount; i++) {
      int symbol = runs[i] & 0xff;
      out.bits(code.codes[symbol], code.lengths[symbol]);
      out.bits(runs[i] >>> 8, EXTRA[symbol]);
      out.flush();
    }
  }

  private static int used(int[] lengths, int least) {
    int used = lengths.length;
    while (used > least && lengths[used - 1] == 0) {
      used--;
    }
    return used;
  }
}
