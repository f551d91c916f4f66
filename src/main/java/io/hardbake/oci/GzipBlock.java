package io.hardbake.oci;

import io.hardbake.io.deflate.DeflateEncoder;
import java.io.IOException;
import java.io.OutputStream;

/** A block of {@link GzipStream}: its dictionary, its bytes, and what they compress to. */
final class GzipBlock {
  private static final int DICTIONARY = DeflateEncoder.WINDOW;

  // The dictionary and, after it, the block; a first block has no dictionary and starts at 0.
  private final byte[] window = new byte[DICTIONARY + GzipStream.BLOCK];
  private final DeflateEncoder encoder = new DeflateEncoder();
  private int start;
  private int end;

  /** Empties this block and makes the end of {@code previous} its dictionary. */
  void follow(GzipBlock previous) {
    start = DICTIONARY;
    end = start;
    System.arraycopy(previous.window, previous.end - DICTIONARY, window, 0, DICTIONARY);
  }

  boolean isFull() {
    return end - start == GzipStream.BLOCK;
  }

  /** Takes as many bytes as there is room for and says how many. */
  int fill(byte[] bytes, int offset, int length) {
    int n = Math.min(length, GzipStream.BLOCK - (end - start));
    System.arraycopy(bytes, offset, window, end, n);
    end += n;
    return n;
  }

  void compress(boolean last) {
    encoder.encode(window, start, end, last);
  }

  void writeTo(OutputStream out) throws IOException {
    encoder.writeTo(out);
  }
}
