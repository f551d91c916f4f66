package io.hardbake.disk;

import io.hardbake.io.Pools;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Has what is written to a file brought to the disk while more is written. The sync at the end, for
 * which somebody waits, then has little left to do. For one thread.
 */
final class Writeback implements AutoCloseable {
  /** In bytes; each sync of a growing file also has the file system write down its length. */
  private static final long STEP = 1 << 25;

  private final FileChannel channel;
  private final ExecutorService thread = Pools.of("writeback", 1);
  private Future<?> last = CompletableFuture.completedFuture(null);
  private long waiting;

  Writeback(FileChannel channel) {
    this.channel = channel;
  }

  /** So many bytes more are written, wherever. */
  void written(long bytes) throws IOException {
    waiting += bytes;
    if (waiting >= STEP && last.isDone()) {
      finish();
      waiting = 0;
      last =
          thread.submit(
              () -> {
                channel.force(false);
                return null;
              });
    }
  }

  /**
   * Waits for the last sync that was begun. A failure of the disk is told to one sync alone: that
   * of all before is told here, or to {@link #written}.
   */
  void finish() throws IOException {
    Pools.result(last);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
