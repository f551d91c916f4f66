package io.hardbake.fetch;

import io.hardbake.failure.BakeException;
import io.hardbake.io.Pools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Runs one action over many values, a few at a time. */
final class Parallel {
  private Parallel() {}

  @FunctionalInterface
  interface Action<T> {
    void accept(T value) throws BakeException, InterruptedException;
  }

  /**
   * Returns once all are done. The first failure, or an interruption of the caller, interrupts the
   * others and waits for them to stop.
   */
  static <T> void each(List<T> values, int threads, Action<T> action)
      throws BakeException, InterruptedException {
    if (values.size() == 1) {
      action.accept(values.get(0));
      return;
    }
    ExecutorService pool = Pools.of("fetch", Math.min(threads, values.size()));
    try {
      CompletionService<@Nullable Void> done = new ExecutorCompletionService<>(pool);
      List<Future<@Nullable Void>> all = new ArrayList<>();
      for (T value : values) {
        all.add(
            done.submit(
                () -> {
                  action.accept(value);
                  return null;
                }));
      }
      for (int i = 0; i < all.size(); i++) {
        Pools.outcome(done.take());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // no action throws it
    } finally {
      Pools.stop(pool);
    }
  }
}
