package io.hardbake.io.deflate;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Compresses pieces of a stream, each by itself: equal input gives equal bytes, on every machine.
 * Holds some megabytes at most and is meant to be reused; not safe for use by several threads.
 */
public final class DeflateEncoder {
  /** How far back a match may reach, and how much of what comes before a piece is of use. */
  public static final int WINDOW = MatchFinder.WINDOW;

  // Measured: about what zlib's level 4 makes of an operating system's files, at more than
  // twice the speed of its level 6, which would be 2 % smaller.
  private static final int DEPTH = 16;
  private static final int LAZY_DEPTH = 8;
  private static final int NICE = 64;

  private final MatchFinder finder;
  private final DeflateBlock block = new DeflateBlock();
  private final BitWriter out = new BitWriter();
  private byte[] bytes = {};
  private int blockStart;

  /** An encoder for decoders with the usual window of 32 KiB. */
  public DeflateEncoder() {
    this(WINDOW);
  }

  /** An encoder for decoders whose window is {@code window} bytes, at most {@link #WINDOW}. */
  public DeflateEncoder(int window) {
    finder = new MatchFinder(window);
  }

  /**
   * Compresses {@code input[from, to)} as a raw deflate stream or a piece of one. The bytes before
   * {@code from}, at most {@link #WINDOW} of them, are the dictionary: what a decoder has seen.
   *
   * @param last whether the stream ends with this piece; else it ends on a byte boundary and
   *     another piece may follow
   */
  public void encode(byte[] input, int from, int to, boolean last) {
    bytes = input;
    out.reset();
    block.clear();
    finder.reset(input, to);
    for (int at = Math.max(0, from - WINDOW); at < from; at++) {
      finder.insert(at);
    }
    blockStart = from;
    parse(from, to);
    if (last) {
      block.write(input, blockStart, to, true, out);
      out.align();
    } else {
      if (!block.isEmpty()) {
        block.write(input, blockStart, to, false, out);
      }
      DeflateBlock.writeBoundary(out);
    }
  }

  /** How many bytes the last piece was compressed to. */
  public int size() {
    return out.length();
  }

  /** Writes what the last piece was compressed to. */
  public void writeTo(OutputStream target) throws IOException {
    out.writeTo(target);
  }

  /** A match is taken unless a literal and the match after it are better. */
  private void parse(int from, int to) {
    int at = from;
    int length = 0; // of a match at `at` that the step before has found
    int distance = 0;
    while (at < to) {
      if (length == 0) {
        length = finder.find(at, 0, DEPTH, NICE);
        distance = finder.distance();
        if (length == 0) {
          literal(at++);
          continue;
        }
      }
      int known = at + 1;
      if (length < NICE) {
        int next = finder.find(at + 1, length, LAZY_DEPTH, NICE);
        if (next > 0) {
          literal(at++);
          length = next;
          distance = finder.distance();
          continue;
        }
        known = at + 2;
      }
      endFullBlock(at);
      block.match(length, distance);
      at += length;
      for (; known < at; known++) {
        finder.insert(known);
      }
      length = 0;
    }
  }

  private void literal(int at) {
    endFullBlock(at);
    block.literal(bytes[at]);
  }

  private void endFullBlock(int at) {
    if (block.isFull()) {
      block.write(bytes, blockStart, at, false, out);
      blockStart = at;
    }
  }
}
