package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads small files. An I/O error comes out unchecked, for most readers stand in a stream; {@link
 * Settler} checks it again.
 */
final class Texts {
  private Texts() {}

  static byte[] bytes(Content content) {
    try {
      return content.bytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String of(Content content) {
    return new String(bytes(content), StandardCharsets.UTF_8);
  }

  /** A file of the tree, links followed. */
  static Optional<String> in(FileTree.Builder tree, AbsolutePath path) {
    return tree.file(path).map(file -> of(file.content()));
  }

  /** A file that must be there. */
  static String required(FileTree.Builder tree, AbsolutePath path) {
    return in(tree, path).orElseThrow(() -> new IllegalStateException("no file " + path));
  }

  /** A file as its package ships it. */
  static Optional<String> in(UnpackedPackage shipped, AbsolutePath path) {
    return shipped.members().stream()
        .filter(member -> member.path().equals(path))
        .map(UnpackedPackage.Member::entry)
        .filter(RegularFile.class::isInstance)
        .map(file -> of(((RegularFile) file).content()))
        .findFirst();
  }
}
