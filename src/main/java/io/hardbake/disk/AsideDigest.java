package io.hardbake.disk;

import io.hardbake.io.Sha256;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Hashes on a thread of its own, while the caller reads on and writes. */
final class AsideDigest implements AutoCloseable {
  private final MessageDigest digest = Sha256.newDigest();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "sha256");
            made.setDaemon(true);
            return made;
          });
  private Future<?> last = CompletableFuture.completedFuture(null);

  /**
   * Takes the first {@code length} bytes in. They may not change before the next call has returned;
   * those of the call before are free then.
   */
  void update(byte[] bytes, int length) throws InterruptedIOException {
    await();
    last = thread.submit(() -> digest.update(bytes, 0, length));
  }

  Sha256 finish() throws InterruptedIOException {
    await();
    return Sha256.of(digest);
  }

  private void await() throws InterruptedIOException {
    try {
      last.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
