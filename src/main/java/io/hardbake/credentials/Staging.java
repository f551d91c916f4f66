package io.hardbake.credentials;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.ShellWord;
import io.hardbake.failure.UsageException;
import io.hardbake.io.Directories;
import io.hardbake.io.FileViews;
import io.hardbake.io.WriteFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes a directory of credentials as a whole. The files of two sets must never stand together as
 * if they were one, whenever the process or the power goes.
 *
 * <pre>
 *   .unfinished/   the new files, being written      killed here: the old set stands; swept next time
 *   .complete/     the same, renamed once all are on the disk: from here there is no way back
 *   ca.pem         removed; the other files move up; ca.pem moves last
 *                                                    killed here: no ca.pem, so nothing can use the
 *                                                    set; the next change finishes the moves first
 * </pre>
 */
final class Staging implements AutoCloseable {
  private static final String LOCK = ".lock";
  private static final String UNFINISHED = ".unfinished";
  private static final String COMPLETE = ".complete";

  private static final String MODE_DIRECTORY = "rwx------";
  private static final String MODE_SECRET = "rw-------";
  private static final String MODE_PUBLIC = "rw-r--r--";

  /** Far more than any of the files has; a bound on what is read from a place that others fill. */
  private static final int MAX_BYTES = 1 << 20;

  private final Path directory;
  private final boolean posix;
  private final FileChannel lock;

  private Staging(Path directory, boolean posix, FileChannel lock) {
    this.directory = directory;
    this.posix = posix;
    this.lock = lock;
  }

  /** Has the directory for this process alone, makes it when it is missing, and tidies it. */
  static Staging open(Path directory) throws BakeException, IOException {
    boolean posix = makeDirectory(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            mode(posix, MODE_SECRET));
    try {
      if (!isLocked(channel, directory.resolve(LOCK))) {
        throw new HostException(
            "another process is changing " + directory, "wait until it ends, then try again");
      }
      Staging staging = new Staging(directory, posix, channel);
      staging.recover();
      return staging;
    } catch (BakeException | IOException e) {
      channel.close();
      throw e;
    }
  }

  static boolean makeDirectory(Path directory) throws BakeException, IOException {
    Path absolute = directory.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      return FileViews.hasModes(absolute);
    }
    if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw new UsageException(directory + " is not a directory", "choose another directory");
    }
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("no parent: " + directory);
    }
    Directories.make(parent);
    boolean posix = FileViews.hasModes(parent);
    Files.createDirectory(absolute, mode(posix, MODE_DIRECTORY));
    return posix;
  }

  private static boolean isLocked(FileChannel channel, Path file) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // Held by another thread of this process.
    } catch (IOException e) {
      throw WriteFailure.ofLock(file, e);
    }
  }

  static void requireDirectory(Path directory) throws BakeException {
    if (!Files.isDirectory(directory)) {
      throw new UsageException(
          "there are no credentials: " + directory + " is not a directory",
          "make some with: hardbake credentials --out " + ShellWord.of(directory));
    }
    requireReadable(directory);
  }

  /** Who may not look into a directory would take what is in it for missing. */
  static void requireReadable(Path directory) throws HostException {
    if (Files.isDirectory(directory) && !Files.isExecutable(directory)) {
      throw new HostException("no right to read " + directory, "run as its owner");
    }
  }

  /** Whether a change was interrupted after the point of no return. */
  static boolean isInterrupted(Path directory) {
    return Files.isDirectory(directory.resolve(COMPLETE));
  }

  /** Whether a change was interrupted before, so that something is left to be swept. */
  static boolean isGivenUp(Path directory) {
    return Files.isDirectory(directory.resolve(UNFINISHED), LinkOption.NOFOLLOW_LINKS);
  }

  /** The names of the files that are there. */
  static List<String> present(Path directory) {
    return Arrays.stream(CredentialFile.values())
        .map(CredentialFile::fileName)
        .filter(name -> Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  /** Refuses to go on where one of the files is. */
  static void refuseExisting(Path directory) throws UsageException {
    if (isInterrupted(directory)) {
      return; // First its end, then this question again.
    }
    List<String> present = present(directory);
    if (!present.isEmpty()) {
      throw new UsageException(
          "%s has credentials already: %s".formatted(directory, String.join(", ", present)),
          """
          choose another directory with --out, get new certificates from the same CA with --renew, or
          replace all of it, the CA included, with --force: no machine will trust the old ones any more""");
    }
  }

  /** All files that are there. */
  Map<CredentialFile, byte[]> read() throws IOException {
    return read(directory);
  }

  static Map<CredentialFile, byte[]> read(Path directory) throws IOException {
    Map<CredentialFile, byte[]> contents = new EnumMap<>(CredentialFile.class);
    for (CredentialFile file : CredentialFile.values()) {
      Path path = directory.resolve(file.fileName());
      if (Files.isRegularFile(path)) {
        try (var in = Files.newInputStream(path)) {
          contents.put(file, in.readNBytes(MAX_BYTES));
        }
      }
    }
    return contents;
  }

  /** Puts these files in the place of those that stand there. */
  void publish(Map<CredentialFile, byte[]> contents) throws BakeException, IOException {
    Path unfinished = directory.resolve(UNFINISHED);
    Files.createDirectory(unfinished, mode(posix, MODE_DIRECTORY));
    for (Map.Entry<CredentialFile, byte[]> entry : contents.entrySet()) {
      write(unfinished, entry.getKey(), entry.getValue());
    }
    sync(unfinished);
    Files.move(unfinished, directory.resolve(COMPLETE), StandardCopyOption.ATOMIC_MOVE);
    sync(directory);
    moveUp();
  }

  private void write(Path into, CredentialFile file, byte[] content)
      throws BakeException, IOException {
    Path path = into.resolve(file.fileName());
    // Born with its mode: a key is at no moment readable by others, whatever the umask.
    try (FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            mode(posix, file.isSecret() ? MODE_SECRET : MODE_PUBLIC))) {
      if (posix && !file.isSecret()) {
        // A narrow umask took from it.
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(MODE_PUBLIC));
      }
      if (posix && file.isSecret() && isOpenToOthers(path)) {
        throw new HostException(
            "the file system of %s keeps no modes: everybody could read the keys"
                .formatted(directory),
            "choose a directory on another file system");
      }
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  /** Whether others than the owner may do anything with a file. */
  static boolean isOpenToOthers(Path path) throws IOException {
    if (!FileViews.hasModes(path)) {
      return false;
    }
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
    return !owner.containsAll(Files.getPosixFilePermissions(path));
  }

  private void recover() throws IOException {
    if (isInterrupted(directory)) {
      moveUp();
    }
    sweep();
  }

  private void moveUp() throws IOException {
    Path complete = directory.resolve(COMPLETE);
    Path newCa = complete.resolve(CredentialFile.CA.fileName());
    if (Files.exists(newCa)) {
      Files.deleteIfExists(directory.resolve(CredentialFile.CA.fileName()));
      sync(directory);
    }
    for (String name : names(complete)) {
      Path from = complete.resolve(name);
      if (!from.equals(newCa)) {
        move(from);
      }
    }
    sync(directory);
    if (Files.exists(newCa)) {
      move(newCa);
    }
    Files.delete(complete);
    sync(directory);
  }

  private void move(Path from) throws IOException {
    Files.move(
        from,
        directory.resolve(from.getFileName().toString()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void sweep() throws IOException {
    Path unfinished = directory.resolve(UNFINISHED);
    if (Files.isDirectory(unfinished, LinkOption.NOFOLLOW_LINKS)) {
      for (String name : names(unfinished)) {
        Files.delete(unfinished.resolve(name));
      }
      Files.delete(unfinished);
    }
  }

  private static List<String> names(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    }
    return names.stream().sorted().collect(Collectors.toList());
  }

  /** Makes renames and removals last through a power cut; only POSIX opens directories. */
  private void sync(Path path) throws IOException {
    if (posix) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static FileAttribute<?>[] mode(boolean posix, String mode) {
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  /** Takes an unfinished attempt away and lets others at the directory. */
  @Override
  public void close() throws IOException {
    try (lock) {
      sweep();
    }
  }
}
