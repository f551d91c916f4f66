package io.hardbake.kubernetes.build;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Size;
import io.hardbake.io.tar.Compression;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.io.tar.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A verified tarball of a source package.
 *
 * @param file where it is
 * @param name its published name, whose suffix tells the compression
 */
record SourceTarball(Path file, String name) {
  /** v1.20.2 unpacks to 250 MiB. */
  private static final Size UNPACKED_LIMIT = Size.gib(2);

  /**
   * Unpacks the members whose name {@code wanted} accepts.
   *
   * @param strip how many leading components every name loses, as by {@code tar
   *     --strip-components}; {@code wanted} sees the rest
   * @return the newest member's time, which is when the source was published
   */
  Instant unpackInto(HostTree tree, int strip, Predicate<String> wanted)
      throws IOException, IntegrityException {
    long newest = 0;
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        InputStream tar = compression().decompress(raw, UNPACKED_LIMIT, name)) {
      TarReader reader = new TarReader(tar);
      for (Optional<TarHeader> next = reader.next(); next.isPresent(); next = reader.next()) {
        TarHeader member = next.get();
        newest = Math.max(newest, member.mtime());
        String path = stripped(member.name(), strip);
        if (!path.isEmpty() && wanted.test(path)) {
          put(tree, path, member, reader);
        }
      }
      tree.makeLinks();
    } catch (MalformedArchiveException | HostTree.RefusedException e) {
      throw new IntegrityException(
          name + " is refused: " + e.getMessage(),
          "its digest is the one that the archive signed, so report this",
          e);
    }
    return Instant.ofEpochSecond(newest);
  }

  private static void put(HostTree tree, String path, TarHeader member, TarReader reader)
      throws IOException {
    switch (member.type()) {
      case TarHeader.DIRECTORY -> tree.directory(path);
      case TarHeader.FILE -> tree.file(path, reader.body(), (member.mode() & 0100) != 0);
      case TarHeader.SYMLINK -> tree.link(path, member.linkName());
      case TarHeader.HARD_LINK -> throw new HostTree.RefusedException(path + " is a hard link");
      default -> throw new HostTree.RefusedException(path + " is a device or a FIFO");
    }
  }

  private Compression compression() throws IntegrityException {
    if (name.endsWith(".gz")) {
      return Compression.GZIP;
    }
    if (name.endsWith(".xz")) {
      return Compression.XZ;
    }
    throw new IntegrityException(
        name + " is compressed in a way that hardbake does not read", "report this");
  }

  /** The name without its first components and a trailing slash; empty where nothing is left. */
  private static String stripped(String name, int components) {
    String rest = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    for (int i = 0; i < components; i++) {
      int slash = rest.indexOf('/');
      rest = slash < 0 ? "" : rest.substring(slash + 1);
    }
    return rest;
  }
}
