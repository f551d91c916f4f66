package io.hardbake.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/**
 * Writes a file beside its final name, syncs it, and renames it: a file under its final name is
 * whole. On any failure the partial file is removed and what stood under the final name stays; what
 * a killed process left in the directory is removed too.
 */
public final class AtomicFile implements Closeable {
  private final Path target;
  private final PartialFile partial;

  private AtomicFile(Path target, PartialFile partial) {
    this.target = target;
    this.partial = partial;
  }

  /** Fills the stream with the file's content. */
  @FunctionalInterface
  public interface Filler {
    void fill(OutputStream out) throws IOException;
  }

  /** Writes {@code target}, making its directory when it is missing. */
  public static void write(Path target, Filler filler) throws IOException {
    write(target, filler, true);
  }

  private static void write(Path target, Filler filler, boolean readable) throws IOException {
    try (AtomicFile file = begin(target)) {
      // The stream is not closed by itself: closing it would close the channel before the sync.
      OutputStream out = WriteFailure.naming(target, Channels.newOutputStream(file.channel()));
      filler.fill(out);
      out.flush();
      file.commit(readable);
    }
  }

  /**
   * Begins to write {@code target}, making its directory when it is missing. Without a {@link
   * #commit} before it is closed, nothing was written.
   */
  public static AtomicFile begin(Path target) throws IOException {
    Path directory = target.toAbsolutePath().getParent();
    if (directory == null) {
      throw new IllegalArgumentException("no parent: " + target);
    }
    try {
      Directories.make(directory);
      PartialFile.sweep(directory);
      return new AtomicFile(target, PartialFile.beside(target.toAbsolutePath()));
    } catch (IOException e) {
      throw WriteFailure.of(target, e);
    }
  }

  /** What the file's bytes go to, at whatever positions; what is left out is a hole. */
  public FileChannel channel() {
    return partial.channel();
  }

  /** Syncs the file and gives it its name. Nothing may be written any more. */
  public void commit() throws IOException {
    commit(true);
  }

  private void commit(boolean readable) throws IOException {
    try {
      partial.channel().force(true);
      if (readable) {
        makeReadable(partial.path());
      }
      Files.move(
          partial.path(),
          target,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw WriteFailure.of(target, e);
    }
  }

  /** Removes what was not committed. */
  @Override
  public void close() throws IOException {
    try {
      partial.close();
    } catch (IOException e) {
      throw WriteFailure.of(target, e);
    }
  }

  /** Removes the partial files that killed processes left in a directory, if it is there. */
  public static void sweep(Path directory) throws IOException {
    PartialFile.sweep(directory);
  }

  /** Writes {@code target} for its owner alone: at no moment may anybody else read it. */
  public static void writeSecret(Path target, byte[] content) throws IOException {
    write(target, out -> out.write(content), false);
  }

  /** Writes {@code target}, unless it holds this already: then it keeps its time, too. */
  public static void write(Path target, byte[] content) throws IOException {
    if (holds(target, content)) {
      makeReadable(target);
    } else {
      write(target, out -> out.write(content));
    }
  }

  private static boolean holds(Path file, byte[] content) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) == content.length
          && Arrays.equals(Files.readAllBytes(file), content);
    } catch (IOException e) {
      return false; // What cannot be read is written anew.
    }
  }

  /** Temporary files are born 0600; results are for everybody, whatever the umask. */
  private static void makeReadable(Path file) throws IOException {
    if (FileViews.hasModes(file)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
  }
}
