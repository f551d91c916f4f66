package io.hardbake.io;

import java.nio.file.Path;

/**
 * What is to be known of a file beyond size and time. The file system is asked, once for all its
 * files: a file's own store would be looked up among all mounts, each time anew.
 */
public final class FileViews {
  private FileViews() {}

  /** Whether there are owners and permissions, as {@code chmod} sets them. */
  public static boolean hasModes(Path path) {
    return has(path, "posix");
  }

  /** Whether there is what stat(2) says: inode number, change time. */
  public static boolean hasStat(Path path) {
    return has(path, "unix");
  }

  private static boolean has(Path path, String view) {
    return path.getFileSystem().supportedFileAttributeViews().contains(view);
  }
}
