package io.hardbake.disk;

import io.hardbake.io.Pools;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Hashes on a thread of its own, while the caller reads on and writes. */
final class AsideDigest implements AutoCloseable {
  /** The buffers that the caller can fill in turn. */
  static final int BUFFERS = 4;

  private final MessageDigest digest = Sha256.newDigest();
  private final byte[] copy;
  private final Queue<Future<?>> waiting = new ArrayDeque<>();
  private final ExecutorService thread = Pools.of("sha256", 1);

  /** For buffers of at most so many bytes. */
  AsideDigest(int bytes) {
    copy = new byte[bytes];
  }

  /**
   * Takes in what remains of a buffer, and leaves its position where it is. Who fills {@link
   * #BUFFERS} in turn may fill the next one when this has returned.
   */
  void update(ByteBuffer bytes) throws IOException {
    if (waiting.size() == BUFFERS - 1) {
      Pools.result(waiting.remove());
    }
    ByteBuffer view = bytes.duplicate();
    waiting.add(thread.submit(() -> hash(view)));
  }

  private void hash(ByteBuffer bytes) {
    // The JDK would copy what lies outside of the heap too, in crumbs.
    int length = bytes.remaining();
    bytes.get(copy, 0, length);
    digest.update(copy, 0, length);
  }

  Sha256 finish() throws IOException {
    while (!waiting.isEmpty()) {
      Pools.result(waiting.remove());
    }
    return Sha256.of(digest);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
