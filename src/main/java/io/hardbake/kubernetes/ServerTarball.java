package io.hardbake.kubernetes;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.BoundedInputStream;
import io.hardbake.io.Size;
import io.hardbake.io.WriteFailure;
import io.hardbake.io.tar.Compression;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.io.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code kubernetes-server-linux-<arch>.tar.gz}: read as it comes over the wire, of which four
 * members are kept and the rest, image tarballs of a gigabyte, is passed over.
 */
final class ServerTarball {
  /** The tarball itself; v1.18 has 360 MB, v1.30 390 MB. */
  static final Size LIMIT = Size.gib(2);

  private static final Size UNPACKED_LIMIT = Size.gib(8);
  private static final Size BINARY_LIMIT = Size.mib(512);
  private static final String DIRECTORY = "kubernetes/server/bin/";

  private ServerTarball() {}

  /**
   * Writes the four binaries into {@code directory}, over whatever an earlier attempt left there.
   * Nothing here is verified yet: the caller checks the digest of all that {@code in} gave.
   *
   * @param what names the tarball in messages
   * @throws IntegrityException if it is no tarball, or one without the binaries; where {@code in}
   *     gave other bytes than it should have, that is the reason, and the caller sees it
   */
  static void extract(InputStream in, String what, Path directory)
      throws IOException, IntegrityException {
    try {
      // Not closed: the stream is the caller's, whose digest wants the rest of it.
      extract(
          new TarReader(Compression.GZIP.decompress(in, UNPACKED_LIMIT, what)), what, directory);
    } catch (MalformedArchiveException | BoundedInputStream.LimitExceededException e) {
      throw new IntegrityException(
          what + " is no server tarball of Kubernetes: " + e.getMessage(),
          "check which file the digest was taken of",
          e);
    }
  }

  private static void extract(TarReader tar, String what, Path directory)
      throws IOException, IntegrityException {
    Set<String> missing = new HashSet<>(KubernetesBinaries.NAMES);
    while (!missing.isEmpty()) {
      Optional<TarHeader> member = tar.next();
      if (member.isEmpty()) {
        throw new IntegrityException(
            what + " lacks " + String.join(", ", new TreeSet<>(missing)) + " in " + DIRECTORY,
            "check that the version is complete; v1.18.7, for one, was never published whole");
      }
      TarHeader header = member.get();
      String name = header.name().startsWith("./") ? header.name().substring(2) : header.name();
      if (name.startsWith(DIRECTORY)
          && header.type() == TarHeader.FILE
          && missing.remove(name.substring(DIRECTORY.length()))) {
        write(
            new BoundedInputStream(tar.body(), BINARY_LIMIT, name),
            directory.resolve(name.substring(DIRECTORY.length())));
      }
    }
  }

  /**
   * Writes what comes to a file, over what is there.
   *
   * @throws WriteFailure with the file's name, where it is the disk that refuses, not who sends
   */
  static void write(InputStream in, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      in.transferTo(WriteFailure.naming(file, out));
    }
  }
}
