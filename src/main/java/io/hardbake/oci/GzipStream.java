package io.hardbake.oci;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.zip.CRC32;

/**
 * Compresses into one gzip member with several threads, as pigz does: the input is cut into blocks
 * of one size, each is compressed by itself with the last 32 KiB before it as its dictionary and
 * ends on a byte boundary, and the results are joined. So the bytes follow from the input alone,
 * not from the number of threads. Memory is bounded by the blocks in flight.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952, GZIP file format</a>
 */
final class GzipStream extends OutputStream {
  /** Large enough that the dictionary's cost does not show, small enough to keep cores busy. */
  static final int BLOCK = 1 << 20;

  // spotless:off
  private static final byte[] HEADER = {                // off  field
      0x1f, (byte) 0x8b,                                //  0   ID1, ID2
      8,                                                //  2   CM: deflate
      0,                                                //  3   FLG: no name, no comment
      0, 0, 0, 0,                                       //  4   MTIME: none
      0,                                                //  8   XFL
      (byte) 255,                                       //  9   OS: unknown
  };
  // spotless:on

  private final OutputStream out;
  private final ExecutorService pool;
  private final Deque<InFlight> inFlight = new ArrayDeque<>();
  private final CRC32 crc = new CRC32();
  private GzipBlock current;
  private long total;

  /** How many more blocks may be made; a stream that ends before takes no memory for them. */
  private int left;

  private record InFlight(GzipBlock block, Future<?> done) {}

  /**
   * @param pool where blocks are compressed; it is not shut down
   * @param blocks how many blocks may be in flight, at least one for each thread
   */
  GzipStream(OutputStream out, ExecutorService pool, int blocks) throws IOException {
    this.out = out;
    this.pool = pool;
    this.left = blocks;
    current = new GzipBlock();
    out.write(HEADER);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      // A full block is sent only when more follows, so that the last one is known as the last.
      if (current.isFull()) {
        GzipBlock next = nextFree();
        next.follow(current);
        send(false);
        current = next;
      }
      at += current.fill(bytes, at, end - at);
    }
    crc.update(bytes, offset, length);
    total += length;
  }

  /** Compresses what is left and writes the trailer; the stream below stays open. */
  void finish() throws IOException {
    send(true);
    while (!inFlight.isEmpty()) {
      writeOldest();
    }
    byte[] trailer = new byte[8];
    littleEndian(trailer, 0, (int) crc.getValue());
    littleEndian(trailer, 4, (int) total); // ISIZE: modulo 2^32
    out.write(trailer);
  }

  /** Gives up what is still being compressed, when {@link #finish} did not run to its end. */
  @Override
  public void close() {
    inFlight.forEach(flight -> flight.done.cancel(true));
    inFlight.clear();
  }

  private void send(boolean last) {
    GzipBlock block = current;
    inFlight.add(new InFlight(block, pool.submit(() -> block.compress(last))));
  }

  private GzipBlock nextFree() throws IOException {
    if (left == 0) {
      return writeOldest();
    }
    left--;
    return new GzipBlock();
  }

  private GzipBlock writeOldest() throws IOException {
    InFlight oldest = inFlight.remove();
    try {
      oldest.done.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    oldest.block.writeTo(out);
    return oldest.block;
  }

  private static void littleEndian(byte[] bytes, int at, int value) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> (8 * i));
    }
  }
}
