package io.hardbake.debian.unpack;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.fetch.Store;
import io.hardbake.io.Sha256;
import io.hardbake.io.tar.MalformedArchiveException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens packages through their packs in a store; a pack that is not there, or damaged, is made.
 * Safe for use by several threads: packages are the unit of parallel work.
 */
public final class Unpacker {
  /** A part of the pack's key: raise it when a pack of the same package would differ. */
  private static final int FORMAT_VERSION = 1;

  private final Store store;

  public Unpacker(Store store) {
    this.store = store;
  }

  /**
   * Opens one package.
   *
   * @param digest what {@code deb} has to hash to; the pack is found by it
   * @throws IntegrityException if the file has another digest, or is no package that hardbake
   *     accepts; the store is left as it was
   */
  public UnpackedPackage unpack(Path deb, Sha256 digest)
      throws IOException, BakeException, InterruptedException {
    Path pack = pack(deb, digest);
    try {
      return PackReader.read(pack);
    } catch (DamagedPackException e) {
      Files.deleteIfExists(pack);
    }
    try {
      return PackReader.read(pack(deb, digest));
    } catch (DamagedPackException e) {
      throw new HostException(
          "the pack of " + deb.getFileName() + " is damaged as soon as it is written: " + pack,
          "check this machine's disk and memory",
          e);
    }
  }

  private Path pack(Path deb, Sha256 digest)
      throws IOException, BakeException, InterruptedException {
    return store.derived(
        "pack",
        digest + " " + FORMAT_VERSION,
        out -> {
          requireDigest(deb, digest);
          try (InputStream in = new BufferedInputStream(Files.newInputStream(deb), 1 << 16)) {
            DebPacker.pack(in, out);
          } catch (MalformedArchiveException e) {
            throw new IntegrityException(
                deb.getFileName() + " is refused: " + e.getMessage(),
                "if the package comes from a Debian archive, report this; else rebuild it with"
                    + " dpkg-deb",
                e);
          }
        });
  }

  /** Before anything is parsed. */
  private static void requireDigest(Path deb, Sha256 digest)
      throws IOException, IntegrityException {
    Sha256 actual = Sha256.of(deb);
    if (!actual.equals(digest)) {
      throw new IntegrityException(
          "%s does not match its digest: expected %s, actual %s, in %s"
              .formatted(deb.getFileName(), digest, actual, deb),
          "delete the file; it is fetched again");
    }
  }
}
