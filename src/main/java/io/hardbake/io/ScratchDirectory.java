package io.hardbake.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A directory for work in progress, gone with all that is in it once it is closed. What a killed
 * process left behind is removed by the next one that works beside it: each directory has a lock
 * file, held for as long as its process lives.
 */
public final class ScratchDirectory implements AutoCloseable {
  private static final String LOCK_SUFFIX = ".lock";

  private final Path path;
  private final Path lockFile;
  private final FileChannel lock;

  private ScratchDirectory(Path path, Path lockFile, FileChannel lock) {
    this.path = path;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Makes one in {@code directory}, which is made too when it is missing; its path is absolute.
   *
   * @param purpose begins its name; letters and hyphens
   */
  public static ScratchDirectory in(Path directory, String purpose) throws IOException {
    Path parent = Files.createDirectories(directory.toAbsolutePath());
    sweep(parent, purpose);
    Path lockFile = Files.createTempFile(parent, purpose + "-", LOCK_SUFFIX);
    FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.WRITE);
    try {
      // The lock stands before the directory does, so no sweep ever sees a fresh one unlocked.
      lock.lock();
      String name = lockFile.getFileName().toString();
      Path path = parent.resolve(name.substring(0, name.length() - LOCK_SUFFIX.length()));
      return new ScratchDirectory(Files.createDirectory(path), lockFile, lock);
    } catch (IOException e) {
      lock.close();
      Files.deleteIfExists(lockFile);
      throw e;
    }
  }

  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      Removal.of(path);
      Files.deleteIfExists(lockFile);
    }
  }

  private static void sweep(Path parent, String purpose) throws IOException {
    try (DirectoryStream<Path> directories =
        Files.newDirectoryStream(
            parent,
            entry ->
                Files.isDirectory(entry)
                    && entry.getFileName().toString().startsWith(purpose + "-"))) {
      for (Path directory : directories) {
        removeIfAbandoned(directory);
      }
    }
  }

  private static void removeIfAbandoned(Path directory) throws IOException {
    Path lockFile = directory.resolveSibling(directory.getFileName() + LOCK_SUFFIX);
    try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel)) {
      if (lock != null) {
        Removal.of(directory);
        Files.deleteIfExists(lockFile);
      }
    } catch (NoSuchFileException e) {
      // Its owner is just finishing, or another sweep was quicker.
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Ours, in another thread.
    }
  }
}
