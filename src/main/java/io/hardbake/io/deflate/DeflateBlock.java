package io.hardbake.io.deflate;

import static io.hardbake.io.deflate.Symbols.DISTANCES;
import static io.hardbake.io.deflate.Symbols.END_OF_BLOCK;
import static io.hardbake.io.deflate.Symbols.FIRST_LENGTH;
import static io.hardbake.io.deflate.Symbols.LITERALS_AND_LENGTHS;

import java.util.Arrays;

/**
 * Literals and matches up to the end of a block, and how they are written: stored, with the fixed
 * codes, or with codes of their own, whichever is shortest (RFC 1951, 3.2.3 to 3.2.7).
 */
final class DeflateBlock {
  /** Where a block ends at the latest: its codes should fit what it holds. */
  static final int CAPACITY = 12 << 10;

  private static final int STORED = 0;
  private static final int FIXED = 1;
  private static final int DYNAMIC = 2;
  private static final int MAX_STORED = 0xffff;
  private static final int LENGTH_BITS = 9;

  // A literal is itself; a match is its distance above its length.
  private final int[] symbols = new int[CAPACITY];
  private int count;
  private final int[] literalFrequencies = new int[LITERALS_AND_LENGTHS];
  private final int[] distanceFrequencies = new int[DISTANCES];
  private final HuffmanCode literals = new HuffmanCode(LITERALS_AND_LENGTHS, 15);
  private final HuffmanCode distances = new HuffmanCode(DISTANCES, 15);
  private final HuffmanCode fixedLiterals = new HuffmanCode(288, 15);
  private final HuffmanCode fixedDistances = new HuffmanCode(32, 15);
  private final CodeLengths codeLengths = new CodeLengths();

  DeflateBlock() {
    int[] lengths = new int[288];
    Arrays.fill(lengths, 0, 144, 8);
    Arrays.fill(lengths, 144, 256, 9);
    Arrays.fill(lengths, 256, 280, 7);
    Arrays.fill(lengths, 280, 288, 8);
    fixedLiterals.assign(lengths);
    int[] five = new int[32];
    Arrays.fill(five, 5);
    fixedDistances.assign(five);
  }

  void clear() {
    count = 0;
    Arrays.fill(literalFrequencies, 0);
    Arrays.fill(distanceFrequencies, 0);
  }

  boolean isFull() {
    return count == CAPACITY;
  }

  boolean isEmpty() {
    return count == 0;
  }

  void literal(byte literal) {
    int value = literal & 0xff;
    symbols[count++] = value;
    literalFrequencies[value]++;
  }

  void match(int length, int distance) {
    symbols[count++] = (distance << LENGTH_BITS) | length;
    literalFrequencies[FIRST_LENGTH + Symbols.lengthIndex(length)]++;
    distanceFrequencies[Symbols.distance(distance)]++;
  }

  /** Writes the block and empties it; {@code bytes[from, to)} is what it stands for. */
  void write(byte[] bytes, int from, int to, boolean last, BitWriter out) {
    literalFrequencies[END_OF_BLOCK] = 1;
    literals.build(literalFrequencies);
    distances.build(distanceFrequencies);
    codeLengths.encode(literals.lengths, distances.lengths);
    long extra = extraBits();
    long dynamicBits = codeLengths.bits() + codedBits(literals, distances) + extra;
    long fixedBits = codedBits(fixedLiterals, fixedDistances) + extra;
    long storedBits = storedBits(to - from, out.pendingBits());
    out.reserve((int) (Math.min(dynamicBits, fixedBits) / 8) + 64);
    if (storedBits <= Math.min(dynamicBits, fixedBits)) {
      writeStored(bytes, from, to, last, out);
    } else if (fixedBits <= dynamicBits) {
      header(last, FIXED, out);
      writeCoded(fixedLiterals, fixedDistances, out);
    } else {
      header(last, DYNAMIC, out);
      codeLengths.write(out);
      writeCoded(literals, distances, out);
    }
    clear();
  }

  /** Ends on a byte boundary by way of an empty stored block, so that more can be joined on. */
  static void writeBoundary(BitWriter out) {
    storedHeader(false, 0, out);
  }

  private static void header(boolean last, int type, BitWriter out) {
    out.bits((last ? 1 : 0) | (type << 1), 3);
    out.flush();
  }

  private static void storedHeader(boolean last, int length, BitWriter out) {
    out.reserve(8);
    header(last, STORED, out);
    out.align();
    out.bits(length | ((long) (~length & 0xffff) << 16), 32);
    out.flush();
  }

  private static void writeStored(byte[] bytes, int from, int to, boolean last, BitWriter out) {
    int at = from;
    do {
      int n = Math.min(MAX_STORED, to - at);
      storedHeader(last && at + n == to, n, out);
      out.copy(bytes, at, n);
      at += n;
    } while (at < to);
  }

  /** Header, padding and lengths of each piece; only the first begins within a byte. */
  private static long storedBits(int length, int pendingBits) {
    long pieces = Math.max(1, (length + MAX_STORED - 1) / MAX_STORED);
    long padding = -(pendingBits + 3) & 7;
    return 3 + padding + 32 + (pieces - 1) * 40 + 8L * length;
  }

  private long codedBits(HuffmanCode literalCode, HuffmanCode distanceCode) {
    long bits = 3;
    for (int symbol = 0; symbol < LITERALS_AND_LENGTHS; symbol++) {
      bits += (long) literalFrequencies[symbol] * literalCode.lengths[symbol];
    }
    for (int symbol = 0; symbol < DISTANCES; symbol++) {
      bits += (long) distanceFrequencies[symbol] * distanceCode.lengths[symbol];
    }
    return bits;
  }

  private long extraBits() {
    long bits = 0;
    for (int i = 0; i < Symbols.LENGTH_EXTRA.length; i++) {
      bits += (long) literalFrequencies[FIRST_LENGTH + i] * Symbols.LENGTH_EXTRA[i];
    }
    for (int i = 0; i < DISTANCES; i++) {
      bits += (long) distanceFrequencies[i] * Symbols.DISTANCE_EXTRA[i];
    }
    return bits;
  }

  private void writeCoded(HuffmanCode literalCode, HuffmanCode distanceCode, BitWriter out) {
    int[] literalCodes = literalCode.codes;
    int[] literalLengths = literalCode.lengths;
    int[] distanceCodes = distanceCode.codes;
    int[] distanceLengths = distanceCode.lengths;
    for (int i = 0; i < count; i++) {
      int symbol = symbols[i];
      if (symbol < (1 << LENGTH_BITS)) {
        out.bits(literalCodes[symbol], literalLengths[symbol]);
      } else { // at most 15 + 5 + 15 + 13 bits
        int length = symbol & ((1 << LENGTH_BITS) - 1);
        int index = Symbols.lengthIndex(length);
        int code = FIRST_LENGTH + index;
        out.bits(literalCodes[code], literalLengths[code]);
        out.bits(length - Symbols.LENGTH_BASE[index], Symbols.LENGTH_EXTRA[index]);
        int distance = symbol >>> LENGTH_BITS;
        int distanceSymbol = Symbols.distance(distance);
        out.bits(distanceCodes[distanceSymbol], distanceLengths[distanceSymbol]);
        out.bits(
            distance - Symbols.DISTANCE_BASE[distanceSymbol],
            Symbols.DISTANCE_EXTRA[distanceSymbol]);
      }
      out.flush();
    }
    out.bits(literalCodes[END_OF_BLOCK], literalLengths[END_OF_BLOCK]);
    out.flush();
  }
}
