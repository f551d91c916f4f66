package io.hardbake.io.deflate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds earlier occurrences of the bytes at a position: chains of positions whose next four bytes
 * have the same hash, newest first.
 */
final class MatchFinder {
  static final int WINDOW = 1 << 15;
  static final int MAX_LENGTH = 258;

  /** Matches of three bytes are in the format, but rarely pay for themselves. */
  static final int MIN_LENGTH = 4;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int HASH_BITS = 16;
  private static final int HASH_MULTIPLIER = 0x9E3779B1; // 2^32 / golden ratio
  private static final int NONE = -1;

  private final int reach;
  private final int[] heads = new int[1 << HASH_BITS];
  private final int[] previous = new int[WINDOW];
  private byte[] bytes = {};
  private int end;
  private int matchDistance;

  /** Finds matches no further back than {@code reach}, which is at most {@link #WINDOW}. */
  MatchFinder(int reach) {
    if (reach < 1 || reach > WINDOW) {
      throw new IllegalArgumentException("reach: " + reach);
    }
    this.reach = reach;
  }

  /** Begins anew with bytes that end at {@code newEnd}. */
  void reset(byte[] newBytes, int newEnd) {
    Arrays.fill(heads, NONE);
    bytes = newBytes;
    end = newEnd;
  }

  /** Makes a position known; the last three of all cannot begin a match and are passed over. */
  void insert(int at) {
    if (at + MIN_LENGTH <= end) {
      int hash = hash((int) INT.get(bytes, at));
      previous[at & (WINDOW - 1)] = heads[hash];
      heads[hash] = at;
    }
  }

  /**
   * The longest match for {@code at}, which becomes known; nearer ones come first among equals.
   *
   * @param better only a match longer than this counts
   * @param depth how many candidates may be tried
   * @param nice a length that is not worth searching beyond
   * @return its length, or 0; its distance is then in {@link #distance}
   */
  int find(int at, int better, int depth, int nice) {
    int limit = Math.min(MAX_LENGTH, end - at);
    if (limit < MIN_LENGTH) {
      return 0;
    }
    byte[] b = bytes;
    int first = (int) INT.get(b, at);
    int hash = hash(first);
    int candidate = heads[hash];
    previous[at & (WINDOW - 1)] = candidate;
    heads[hash] = at;
    int best = Math.max(better, MIN_LENGTH - 1);
    if (best >= limit) {
      return 0;
    }
    int found = 0;
    int oldest = Math.max(0, at - reach);
    int tail = (int) INT.get(b, at + best - 3);
    for (int tries = depth; candidate >= oldest && tries > 0; tries--) {
      // A longer match has to agree where the best one so far ended.
      if ((int) INT.get(b, candidate + best - 3) == tail && (int) INT.get(b, candidate) == first) {
        int length = length(b, candidate, at, limit);
        if (length > best) {
          best = length;
          found = length;
          matchDistance = at - candidate;
          if (length >= nice || length == limit) {
            break;
          }
          tail = (int) INT.get(b, at + best - 3);
        }
      }
      int next = previous[candidate & (WINDOW - 1)];
      if (next >= candidate) {
        break; // overwritten by a newer position
      }
      candidate = next;
    }
    return found;
  }

  int distance() {
    return matchDistance;
  }

  private static int length(byte[] b, int candidate, int at, int limit) {
    int length = MIN_LENGTH;
    while (length + Long.BYTES <= limit) {
      long difference = (long) LONG.get(b, candidate + length) ^ (long) LONG.get(b, at + length);
      if (difference != 0) {
        return length + (Long.numberOfTrailingZeros(difference) >>> 3);
      }
      length += Long.BYTES;
    }
    while (length < limit && b[candidate + length] == b[at + length]) {
      length++;
    }
    return length;
  }

  private static int hash(int value) {
    return (value * HASH_MULTIPLIER) >>> (32 - HASH_BITS);
  }
}
