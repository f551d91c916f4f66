package io.hardbake.bake;

import io.hardbake.failure.BakeException;
import io.hardbake.io.Pools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * A fixed number of threads for a bake's work. Closing them interrupts what still runs, and waits a
 * moment for it to take its temporary files away.
 */
final class Workers implements AutoCloseable {

  private final ExecutorService executor;
  private final ExecutorService aside;

  Workers(int jobs) {
    this.executor = Pools.of("bake", jobs);
    this.aside = Pools.of("bake", 1);
  }

  /** Work on one item of a list. */
  @FunctionalInterface
  interface Work<T, R> {
    R apply(T item, int index) throws BakeException, IOException, InterruptedException;
  }

  /** Applies {@code work} to all items side by side; the results keep the items' order. */
  <T, R> List<R> map(List<T> items, Work<T, R> work)
      throws BakeException, IOException, InterruptedException {
    List<Future<R>> futures = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      int index = i;
      futures.add(executor.submit(() -> work.apply(items.get(index), index)));
    }
    try {
      return Pools.outcomes(futures);
    } finally {
      futures.forEach(future -> future.cancel(true));
    }
  }

  /** Starts work that mostly waits, for a network or another process, on a thread of its own. */
  <R> Future<R> start(Callable<R> work) {
    return aside.submit(work);
  }

  @Override
  public void close() {
    Pools.stop(executor);
    Pools.stop(aside);
  }
}
