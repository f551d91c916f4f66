package io.hardbake.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A directory for work in progress, gone with all that is in it once it is closed. What a killed
 * process left behind is removed by the next one that works beside it: each directory has a lock
 * file, held for as long as its process lives.
 */
public final class ScratchDirectory implements AutoCloseable {
  private static final String LOCK_SUFFIX = ".lock";

  /**
   * The lock files of this process: to close any channel of such a file, as who tries its lock does
   * in the end, is to give up the lock.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Path lockFile;
  private final Path own;
  private final FileChannel lock;

  private ScratchDirectory(Path path, Path lockFile, Path own, FileChannel lock) {
    this.path = path;
    this.lockFile = lockFile;
    this.own = own;
    this.lock = lock;
  }

  /**
   * Makes one in {@code directory}, which is made too when it is missing; its path is absolute.
   *
   * @param purpose begins its name; letters and hyphens
   */
  public static synchronized ScratchDirectory in(Path directory, String purpose)
      throws IOException {
    Path parent = Directories.make(directory.toAbsolutePath());
    sweep(parent, purpose);
    while (true) {
      Optional<ScratchDirectory> made = make(parent, purpose);
      if (made.isPresent()) {
        return made.get();
      }
    }
  }

  /** Nothing if another process took the lock file for an abandoned one before it was locked. */
  private static Optional<ScratchDirectory> make(Path parent, String purpose) throws IOException {
    Path lockFile = Files.createTempFile(parent, purpose + "-", LOCK_SUFFIX);
    FileChannel lock;
    try {
      lock = FileChannel.open(lockFile, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      // The lock stands before the directory does, so no sweep ever sees a fresh one unlocked.
      lock.lock();
      if (!Files.exists(lockFile)) {
        lock.close();
        return Optional.empty();
      }
      Path own = lockFile.toRealPath();
      Path path = Files.createDirectory(directory(lockFile));
      OURS.add(own);
      return Optional.of(new ScratchDirectory(path, lockFile, own, lock));
    } catch (IOException e) {
      lock.close();
      Files.deleteIfExists(lockFile);
      throw WriteFailure.ofLock(lockFile, e);
    }
  }

  private static Path directory(Path lockFile) {
    String name = lockFile.getFileName().toString();
    return lockFile.resolveSibling(name.substring(0, name.length() - LOCK_SUFFIX.length()));
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      Removal.of(path);
      Files.deleteIfExists(lockFile);
      OURS.remove(own);
    }
  }

  /** By lock files: a process may be killed before it makes the directory, or after it is gone. */
  private static void sweep(Path parent, String purpose) throws IOException {
    try (DirectoryStream<Path> lockFiles =
        Files.newDirectoryStream(
            parent,
            entry ->
                entry.getFileName().toString().startsWith(purpose + "-")
                    && entry.getFileName().toString().endsWith(LOCK_SUFFIX))) {
      for (Path lockFile : lockFiles) {
        removeIfAbandoned(lockFile);
      }
    }
  }

  private static void removeIfAbandoned(Path lockFile) throws IOException {
    try {
      if (OURS.contains(lockFile.toRealPath())) {
        return;
      }
      try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock != null) {
          Removal.of(directory(lockFile));
          Files.deleteIfExists(lockFile);
        }
      }
    } catch (FileSystemException e) {
      // Its owner is just finishing, or another sweep was quicker; or it is another user's, and
      // harms nobody.
    }
  }
}
