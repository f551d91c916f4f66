package io.hardbake.io.deflate;

import java.util.Arrays;

/**
 * A canonical Huffman code for the frequencies of one block, no code longer than a limit (RFC 1951,
 * 3.2.2). Reused from block to block.
 */
final class HuffmanCode {
  private static final int SYMBOL_BITS = 10;

  /** Bits of each symbol's code; 0 where the symbol does not occur. */
  final int[] lengths;

  /** Each symbol's code, its bits reversed as deflate sends them. */
  final int[] codes;

  private final int limit;
  private final long[] sorted;
  private final long[] weights;
  private final int[] parents;
  private final int[] depths;
  private final int[] counts;

  HuffmanCode(int symbols, int limit) {
    this.limit = limit;
    lengths = new int[symbols];
    codes = new int[symbols];
    sorted = new long[symbols];
    weights = new long[symbols];
    parents = new int[symbols];
    depths = new int[symbols];
    counts = new int[limit + 2];
  }

  /** The code for these frequencies; at least two symbols get one, so that it is complete. */
  void build(int[] frequencies) {
    Arrays.fill(lengths, 0);
    int used = 0;
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (frequencies[symbol] > 0) {
        // The symbol breaks ties: a total order.
        sorted[used++] = ((long) frequencies[symbol] << SYMBOL_BITS) | symbol;
      }
    }
    for (int symbol = 0; used < 2; symbol++) {
      if (frequencies[symbol] == 0) {
        sorted[used++] = symbol;
      }
    }
    Arrays.sort(sorted, 0, used);
    countLengths(used);
    int next = 0;
    for (int length = limit; length > 0; length--) {
      for (int i = 0; i < counts[length]; i++) {
        lengths[(int) sorted[next++] & ((1 << SYMBOL_BITS) - 1)] = length;
      }
    }
    assignCodes();
  }

  /** The code for lengths that are given. */
  void assign(int[] given) {
    System.arraycopy(given, 0, lengths, 0, given.length);
    Arrays.fill(counts, 0);
    for (int length : lengths) {
      counts[length]++;
    }
    counts[0] = 0;
    assignCodes();
  }

  /**
   * How many codes there are of each length. Joins the two lightest nodes until one is left; then
   * splits leaves from the root down, which keeps the code complete, and splits the deepest leaf
   * above the limit instead of one at it.
   */
  private void countLengths(int used) {
    int leaf = 0;
    int node = 0;
    int nodes = used - 1;
    for (int made = 0; made < nodes; made++) {
      long weight = 0;
      for (int child = 0; child < 2; child++) {
        if (leaf < used && (node == made || sorted[leaf] >>> SYMBOL_BITS <= weights[node])) {
          weight += sorted[leaf++] >>> SYMBOL_BITS;
        } else {
          weight += weights[node];
          parents[node++] = made;
        }
      }
      weights[made] = weight;
    }
    Arrays.fill(counts, 0);
    counts[1] = 2;
    depths[nodes - 1] = 0;
    for (int inner = nodes - 2; inner >= 0; inner--) {
      int depth = depths[parents[inner]] + 1;
      depths[inner] = depth;
      if (depth >= limit) {
        depth = limit - 1;
        while (counts[depth] == 0) {
          depth--;
        }
      }
      counts[depth]--;
      counts[depth + 1] += 2;
    }
  }

  private void assignCodes() {
    int[] next = new int[limit + 1];
    int code = 0;
    for (int length = 1; length <= limit; length++) {
      code = (code + counts[length - 1]) << 1;
      next[length] = code;
    }
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      int length = lengths[symbol];
      codes[symbol] = length == 0 ? 0 : Integer.reverse(next[length]++) >>> (32 - length);
    }
  }
}
