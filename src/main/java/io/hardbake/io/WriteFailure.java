package io.hardbake.io;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * A file could not be written. The JDK's channels say "No space left on device" and not where; a
 * user with two disks has to know.
 */
public final class WriteFailure extends FileSystemException {
  private WriteFailure(Path file, IOException cause) {
    super(file.toString(), null, cause.getMessage());
    initCause(cause);
  }

  /** The failure with the file's name, unless it is one that says more by itself. */
  public static IOException of(Path file, IOException e) {
    return e.getClass() == IOException.class ? new WriteFailure(file, e) : e;
  }

  /** The same where a file could not be locked: NFS and Lustre may be mounted without locks. */
  public static IOException ofLock(Path file, IOException e) {
    return e.getClass() == IOException.class
        ? of(file, new IOException("no locks on its file system: " + e.getMessage(), e))
        : e;
  }

  /** A stream whose failures name the file. */
  public static OutputStream naming(Path file, OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          out.write(bytes, offset, length);
        } catch (IOException e) {
          throw of(file, e);
        }
      }
    };
  }
}
