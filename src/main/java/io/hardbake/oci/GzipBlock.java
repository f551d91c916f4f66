package io.hardbake.oci;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;

/** A block of {@link GzipStream}: its dictionary, its bytes, and what they compress to. */
final class GzipBlock {
  private static final int DICTIONARY = 1 << 15;

  // The dictionary and, after it, the block; a first block has no dictionary and starts at 0.
  private final byte[] window = new byte[DICTIONARY + GzipStream.BLOCK];
  private int start;
  private int end;
  private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();

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
    compressed.reset();
    Deflater deflater = new Deflater(6, true);
    if (start > 0) {
      deflater.setDictionary(window, 0, start);
    }
    deflater.setInput(window, start, end - start);
    if (last) {
      deflater.finish();
    }
    byte[] buffer = new byte[1 << 16];
    int n;
    do {
      n =
          deflater.deflate(
              buffer, 0, buffer.length, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
      compressed.write(buffer, 0, n);
    } while (last ? !deflater.finished() : n == buffer.length);
    deflater.end();
  }

  void writeTo(OutputStream out) throws IOException {
    compressed.writeTo(out);
  }
}
