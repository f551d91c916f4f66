package io.hardbake.cluster;

import io.hardbake.failure.BakeException;
import io.hardbake.io.Pools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Does the same for several machines at once: each of them mostly waits for the engine. */
final class SideBySide {
  private SideBySide() {}

  /** What is to be done for one of them. */
  @FunctionalInterface
  interface Work<T, R> {
    R apply(T item) throws BakeException, IOException, InterruptedException;
  }

  /** The results in the items' order; the first failure ends what is still under way. */
  static <T, R> List<R> map(List<T> items, Work<T, R> work)
      throws BakeException, IOException, InterruptedException {
    if (items.isEmpty()) {
      return List.of();
    }
    ExecutorService threads = Pools.of("cluster", items.size());
    try {
      List<Future<R>> futures = new ArrayList<>();
      for (T item : items) {
        futures.add(threads.submit(() -> work.apply(item)));
      }
      return Pools.outcomes(futures);
    } finally {
      Pools.stop(threads); // What goes on making machines must not outlive the lock on the cluster.
    }
  }
}
