package io.hardbake.kubernetes.build;

import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A step under way of which {@code go build -v} tells the packages as it compiles them; says now
 * and then how far it is.
 */
final class PackageCount implements Consumer<String>, AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(30);

  private final Progress progress;
  private final Progress.Task task;
  private long lastNote = System.nanoTime();
  private int count;

  PackageCount(Progress progress, String what) {
    this.progress = progress;
    this.task = progress.begin(what, Size.ZERO);
  }

  @Override
  public void accept(String line) {
    count++;
    if (System.nanoTime() - lastNote >= EVERY.toNanos()) {
      lastNote = System.nanoTime();
      progress.note("go build: " + count + " packages, now " + line);
    }
  }

  @Override
  public void close() {
    task.close();
  }
}
