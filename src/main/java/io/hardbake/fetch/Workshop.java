package io.hardbake.fetch;

import io.hardbake.io.Removal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * One process's directory of files that are not whole yet, on the file system of the store so that
 * a rename publishes them. Its number is also a lock that the process holds as long as it lives:
 * whoever can take the lock of another directory knows that its owner is dead, even where process
 * ids say nothing, as between containers.
 */
final class Workshop {
  private static final Pattern NUMBER = Pattern.compile("[0-9a-f]{1,15}|[1-3][0-9a-f]{15}");

  private final Path directory;

  /** Held for life, and known to this virtual machine only while it is referred to. */
  @SuppressWarnings({"unused", "FieldCanBeLocal"})
  private final Locks.Held alive;

  private final AtomicLong next = new AtomicLong();

  private Workshop(Path directory, Locks.Held alive) {
    this.directory = directory;
    this.alive = alive;
  }

  /** Opens a new one in {@code parent} and sweeps those of the dead. */
  static Workshop open(Path parent, Locks locks) throws IOException {
    while (true) {
      long number = ThreadLocalRandom.current().nextLong() >>> 2;
      Optional<Locks.Held> alive = locks.tryAcquire(number);
      if (alive.isPresent()) {
        sweep(parent, locks);
        Path directory = Files.createDirectory(parent.resolve(Long.toHexString(number)));
        return new Workshop(directory, alive.get());
      }
    }
  }

  /** A name that is not taken; the file is the caller's to write and to remove. */
  Path newFile() {
    return directory.resolve(Long.toString(next.incrementAndGet()));
  }

  private static void sweep(Path parent, Locks locks) throws IOException {
    try (DirectoryStream<Path> others = Files.newDirectoryStream(parent)) {
      for (Path other : others) {
        String name = other.getFileName().toString();
        if (!NUMBER.matcher(name).matches()) {
          continue; // Not hardbake's.
        }
        Optional<Locks.Held> dead = locks.tryAcquire(Long.parseLong(name, 16));
        if (dead.isPresent()) {
          try {
            Removal.of(other);
          } catch (FileSystemException e) {
            // Another user's, who sweeps it next time; it harms nobody.
          } finally {
            dead.get().close();
          }
        }
      }
    }
  }
}
