package io.hardbake.kubernetes.build;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.failure.IntegrityException;
import io.hardbake.tree.Entry;
import java.io.IOException;
import java.io.InputStream;

/** Writes a part of a package's files to the host. */
final class PackageFiles {
  private PackageFiles() {}

  /**
   * Writes what the package has at and below {@code top}.
   *
   * @param top absolute, without a slash at its end; where the package has nothing there, nothing
   *     is written
   * @param place where in {@code tree} it goes
   */
  static void write(UnpackedPackage from, String top, HostTree tree, String place)
      throws IOException, IntegrityException {
    try {
      for (UnpackedPackage.Member member : from.members()) {
        String path = member.path().value();
        if ((path + "/").startsWith(top + "/")) {
          write(member.entry(), tree, place + path.substring(top.length()));
        }
      }
    } catch (HostTree.RefusedException e) {
      throw new IntegrityException(
          from.name() + " is refused: " + e.getMessage(),
          "its digest is the one that the archive signed, so report this",
          e);
    }
  }

  private static void write(Entry entry, HostTree tree, String name) throws IOException {
    if (entry instanceof Entry.Directory) {
      tree.directory(name);
    } else if (entry instanceof Entry.RegularFile file) {
      try (InputStream body = file.content().open()) {
        tree.file(name, body, (file.meta().mode() & 0100) != 0);
      }
    } else if (entry instanceof Entry.Symlink link) {
      tree.link(name, link.target());
    } else {
      throw new HostTree.RefusedException(name + " is no plain file");
    }
  }
}
