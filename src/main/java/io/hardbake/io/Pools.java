package io.hardbake.io;

import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Pools of threads, how they end, and the results of what ran in them. */
public final class Pools {
  private static final long SECONDS_TO_STOP = 10;

  private Pools() {}

  /** So many threads at the most, with that name. They keep no program from its end. */
  public static ExecutorService of(String name, int threads) {
    return Executors.newFixedThreadPool(
        threads,
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Interrupts what is at work and waits for it to stop, even when the caller is interrupted, too:
   * whoever writes a temporary file takes it away, and nothing is written afterwards. What does not
   * hear is left behind after some seconds.
   */
  public static void stop(ExecutorService pool) {
    pool.shutdownNow();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_STOP);
    boolean interrupted = false;
    while (true) {
      try {
        pool.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a task gave; its failure as the {@code IOException} that it was, and interruption too. */
  public static <T> T result(Future<T> task) throws IOException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** What a task gave, or what it threw. */
  public static <T> T outcome(Future<T> task)
      throws BakeException, IOException, InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof BakeException known) {
        throw known;
      }
      if (cause instanceof IOException io) {
        throw io;
      }
      if (cause instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      if (cause instanceof UncheckedIOException unchecked) {
        throw unchecked.getCause();
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("in another thread", cause);
    }
  }

  /** What each of the tasks gave, in their order, or what the first of them threw. */
  public static <T> List<T> outcomes(List<Future<T>> tasks)
      throws BakeException, IOException, InterruptedException {
    List<T> outcomes = new ArrayList<>();
    for (Future<T> task : tasks) {
      outcomes.add(outcome(task));
    }
    return outcomes;
  }
}
