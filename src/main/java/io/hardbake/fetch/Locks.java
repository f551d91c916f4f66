package io.hardbake.fetch;

import io.hardbake.io.Sha256;
import io.hardbake.io.WriteFailure;
import io.hardbake.progress.Progress;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Named locks between threads and between processes: each is one byte far out in a single empty
 * file. So no lock file is left behind, none has to be deleted while somebody may be waiting for
 * it, and the system frees what a dead process held.
 *
 * <p>POSIX drops all of a process's locks on a file as soon as the process closes any descriptor of
 * it, be it another object's. So there is one channel for a file in a process, and it is never
 * closed, not by the garbage collector either. A lock that is lost all the same, as on a network
 * file system, puts nothing wrong into the store: work is done twice, or a file that is being
 * written goes and its bake fails.
 */
final class Locks {
  private static final long LONGEST_PAUSE_MILLIS = 32;

  /** Until a person wonders. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  /** By what the file system calls the file; a process opens few stores. */
  private static final Map<Object, FileChannel> CHANNELS = new HashMap<>();

  private final Path file;
  private final FileChannel channel;
  private final Progress progress;

  private Locks(Path file, FileChannel channel, Progress progress) {
    this.file = file;
    this.channel = channel;
    this.progress = progress;
  }

  /** {@code progress} hears of it when another process is waited for. */
  static synchronized Locks open(Path file, Progress progress) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      // Not opened before its channel was looked for.
    }
    Object key = keyOf(file);
    FileChannel channel = CHANNELS.get(key);
    if (channel == null || !channel.isOpen()) {
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
      CHANNELS.put(key, channel);
    }
    return new Locks(file, channel, progress);
  }

  private static Object keyOf(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file.toRealPath() : key;
  }

  /**
   * Waits for the lock of this name; not reentrant.
   *
   * @param work what its holder does, for people: {@code "downloads what this needs"}
   */
  Held acquire(String name, String work) throws IOException, InterruptedException {
    long position = positionOf(name);
    long noteAt = System.nanoTime() + SILENCE.toNanos();
    boolean noted = false;
    // Polling, because a blocking lock() would close the channel when its thread is interrupted,
    // and because it refuses instead of waiting when another thread of this process has the lock.
    for (long pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      boolean foreign;
      try {
        FileLock lock = tryLock(position);
        if (lock != null) {
          return new Held(lock);
        }
        foreign = true;
      } catch (OverlappingFileLockException e) {
        foreign = false; // Another thread's, which says itself what it does.
      }
      if (foreign && !noted && System.nanoTime() > noteAt) {
        progress.note("waiting for another hardbake, which " + work);
        noted = true;
      }
      Thread.sleep(pause);
    }
  }

  /** The lock of this name, or nothing when somebody else has it. */
  Optional<Held> tryAcquire(String name) throws IOException {
    return tryAcquire(positionOf(name));
  }

  /** The lock at {@code position}, or nothing when somebody else has it. */
  Optional<Held> tryAcquire(long position) throws IOException {
    try {
      return Optional.ofNullable(tryLock(position)).map(Held::new);
    } catch (OverlappingFileLockException e) {
      return Optional.empty();
    }
  }

  private @Nullable FileLock tryLock(long position) throws IOException {
    try {
      return channel.tryLock(position, 1, false);
    } catch (IOException e) {
      throw WriteFailure.ofLock(file, e);
    }
  }

  /**
   * Two names share a place only by a collision of 62 bits, and then merely wait for each other.
   */
  private static long positionOf(String name) {
    String digest = Sha256.of(name.getBytes(StandardCharsets.UTF_8)).hex();
    return Long.parseUnsignedLong(digest.substring(0, 16), 16) >>> 2;
  }

  /** A lock that is held until it is closed. */
  record Held(FileLock lock) implements Closeable {
    @Override
    public void close() throws IOException {
      lock.release();
    }
  }
}
