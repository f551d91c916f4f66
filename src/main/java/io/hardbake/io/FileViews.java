package io.hardbake.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;

/** What is to be known of a file beyond size and time. */
public final class FileViews {
  private FileViews() {}

  /**
   * Whether there are owners and permissions, as {@code chmod} sets them: not so on FAT. Looks the
   * file's mount up among all, each time anew.
   */
  public static boolean hasModes(Path path) throws IOException {
    try {
      return Files.getFileStore(path).supportsFileAttributeView("posix");
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      // In a chroot, the mount of the path may be none that can be seen.
      return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
    }
  }

  /** Whether there is what stat(2) says, such as the time of a file's last change of any kind. */
  public static boolean hasStat(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }
}
