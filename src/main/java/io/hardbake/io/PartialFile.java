package io.hardbake.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that is being written, hidden beside its final name: {@code .NAME.PROCESS-NUMBER.part}.
 * Its process holds a lock on it for as long as it lives; one that nobody holds was left by a
 * process that was killed, and goes with the next {@link #sweep}.
 */
final class PartialFile implements Closeable {
  private static final Pattern NAME = Pattern.compile("\\..+\\.([0-9a-f]{16})-[0-9a-f]{16}\\.part");

  /**
   * Tells this process's files from others': a process that closes any channel of a file loses its
   * locks on it (fcntl(2)), so it must not look at its own. A process id would not do, since in
   * containers all have the same.
   */
  private static final String PROCESS = hex(ThreadLocalRandom.current().nextLong());

  private static final FileAttribute<?> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;
  private final FileChannel channel;

  private PartialFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Makes one for its owner alone, in a directory that exists. */
  static PartialFile beside(Path target) throws IOException {
    while (true) {
      String number = hex(ThreadLocalRandom.current().nextLong());
      Path path =
          target.resolveSibling(".%s.%s-%s.part".formatted(target.getFileName(), PROCESS, number));
      try {
        PartialFile file = new PartialFile(path, create(path));
        if (file.isClaimed()) {
          return file;
        }
        file.close();
      } catch (FileAlreadyExistsException e) {
        // Another number.
      }
    }
  }

  private static FileChannel create(Path path) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix ? FileChannel.open(path, options, OWNER_ALONE) : FileChannel.open(path, options);
  }

  /** False when a sweep came between making the file and locking it, and took it for abandoned. */
  private boolean isClaimed() throws IOException {
    try {
      if (channel.tryLock() == null) {
        return false;
      }
    } catch (IOException e) {
      return true; // A file system without locks: nobody sweeps there either.
    }
    return Files.exists(path);
  }

  Path path() {
    return path;
  }

  FileChannel channel() {
    return channel;
  }

  /** Closes it, and removes it unless it was renamed. */
  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(path);
    }
  }

  /** Removes what killed processes left in a directory, if there is such a directory. */
  static void sweep(Path directory) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, PartialFile::isForeign)) {
      for (Path each : all) {
        removeIfAbandoned(each);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Nothing was ever written there.
    }
  }

  private static boolean isForeign(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches() && !name.group(1).equals(PROCESS);
  }

  /** One that cannot be opened, locked or removed is somebody else's business, and harms nobody. */
  private static void removeIfAbandoned(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // Gone since it was listed, not ours, or being removed by another thread of this process.
    }
  }

  private static String hex(long number) {
    return HexFormat.of().toHexDigits(number);
  }
}
