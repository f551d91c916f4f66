package io.hardbake.debian;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UnresolvableException;
import io.hardbake.fetch.Download;
import io.hardbake.fetch.Fetcher;
import io.hardbake.io.BoundedInputStream;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Gets the index files that a verified Release names: by SHA-256, through the store, decompressed
 * under a bound.
 */
final class IndexFetcher {
  /** Decoders of Debian's xz -9e want 64 MiB; what asks for more is not one of its indexes. */
  private static final int XZ_MEMORY_KIB = 100 * 1024;

  /** The bound where a Release does not give the size; Debian's largest are 60 MiB. */
  private static final Size LARGEST_INDEX = Size.mib(512);

  private final Fetcher fetcher;

  IndexFetcher(Fetcher fetcher) {
    this.fetcher = fetcher;
  }

  /** A suite whose Release was verified, the mirrors that gave it, and the InRelease as it came. */
  record OpenSuite(Origin origin, Release release, Bytes signed) {}

  /** An index as it stands in the archive, by its path below a mirror's base. */
  record Packed(String path, Download download) {}

  /**
   * Where the suite has {@code name}, such as {@code binary-amd64/Packages}, of every component.
   */
  static List<Packed> packed(OpenSuite suite, List<String> components, String name)
      throws UnresolvableException {
    List<Packed> all = new ArrayList<>();
    for (String component : components) {
      Wanted wanted = wanted(suite, component + "/" + name);
      all.add(
          new Packed(
              "dists/" + suite.origin().suite() + "/" + wanted.packed().path(), wanted.download()));
    }
    return all;
  }

  /** An index to be had: how it is packed, and what comes out. */
  private record Wanted(
      OpenSuite suite, ChecksumLine packed, Packing packing, Optional<ChecksumLine> plain) {
    Download download() {
      String directory = "dists/" + suite.origin().suite() + "/";
      List<URI> candidates = new ArrayList<>();
      if (suite.release().byHash()) {
        candidates.addAll(suite.origin().candidates(directory + byHash()));
      }
      candidates.addAll(suite.origin().candidates(directory + packed.path()));
      return new Download(what(), candidates, packed.size(), packed.sha256());
    }

    /** The path that does not change its meaning while a mirror is updated. */
    private String byHash() {
      String path = packed.path();
      return path.substring(0, path.lastIndexOf('/') + 1) + "by-hash/SHA256/" + packed.sha256();
    }

    String what() {
      return suite.origin().suite() + "/" + packed.path();
    }
  }

  /** Takes an index once it is there. */
  @FunctionalInterface
  interface Reader {
    void read(byte[] index, Origin origin) throws MalformedControlException;
  }

  /**
   * Fetches {@code name} (such as {@code binary-amd64/Packages}) of every component of every suite,
   * several at a time, and gives them to the reader in that order.
   */
  void readAll(List<OpenSuite> suites, List<String> components, String name, Reader reader)
      throws BakeException, InterruptedException {
    List<Wanted> wanted = new ArrayList<>();
    for (OpenSuite suite : suites) {
      for (String component : components) {
        wanted.add(wanted(suite, component + "/" + name));
      }
    }
    List<Path> files = fetcher.fetchAll(wanted.stream().map(Wanted::download).toList());
    for (int i = 0; i < files.size(); i++) {
      Wanted index = wanted.get(i);
      byte[] content = unpack(files.get(i), index);
      try {
        reader.read(content, index.suite().origin());
      } catch (MalformedControlException e) {
        throw new IntegrityException(
            "%s is signed but malformed: %s".formatted(index.what(), e.getMessage()),
            "tell the archive's maintainers; until then leave out this suite or component",
            e);
      }
    }
  }

  private static Wanted wanted(OpenSuite suite, String path) throws UnresolvableException {
    Optional<ChecksumLine> plain = suite.release().file(path);
    for (Packing packing : Packing.values()) {
      Optional<ChecksumLine> packed = suite.release().file(path + packing.suffix);
      if (packed.isPresent()) {
        return new Wanted(suite, packed.get(), packing, plain);
      }
    }
    throw new UnresolvableException(
        "the suite %s has no %s".formatted(suite.origin().suite(), path),
        "ask for a component and an architecture that the suite has");
  }

  private static byte[] unpack(Path file, Wanted wanted)
      throws BakeException, InterruptedException {
    Size limit = wanted.plain().map(ChecksumLine::size).orElse(LARGEST_INDEX);
    byte[] content;
    try (InputStream packed = Files.newInputStream(file);
        InputStream in =
            new BoundedInputStream(wanted.packing().open(packed), limit, wanted.what())) {
      content = in.readAllBytes();
    } catch (ClosedByInterruptException e) {
      Thread.interrupted();
      InterruptedException interrupted = new InterruptedException();
      interrupted.initCause(e);
      throw interrupted;
    } catch (FileSystemException e) {
      throw new HostException(
          "%s cannot be read from the store: %s".formatted(wanted.what(), e.getMessage()),
          "run the command again, which fetches it if it is gone; where hardbake cache prune runs"
              + " at the same time, let that end first",
          e);
    } catch (IOException e) {
      throw new IntegrityException(
          "%s cannot be decompressed: %s".formatted(wanted.what(), e.getMessage()),
          "try again; if it stays so, choose another mirror",
          e);
    }
    if (wanted.plain().isPresent() && !wanted.plain().get().sha256().equals(Sha256.of(content))) {
      throw new IntegrityException(
          "%s decompresses to SHA-256 %s, but the Release says %s"
              .formatted(wanted.what(), Sha256.of(content), wanted.plain().get().sha256()),
          "tell the archive's maintainers, and choose another mirror");
    }
    return content;
  }

  /** How an index may be packed, best first. */
  private enum Packing {
    XZ(".xz") {
      @Override
      InputStream open(InputStream in) throws IOException {
        return new XZInputStream(in, XZ_MEMORY_KIB);
      }
    },
    GZIP(".gz") {
      @Override
      InputStream open(InputStream in) throws IOException {
        return new GZIPInputStream(in, 1 << 16);
      }
    },
    NONE("") {
      @Override
      InputStream open(InputStream in) {
        return in;
      }
    };

    private final String suffix;

    Packing(String suffix) {
      this.suffix = suffix;
    }

    abstract InputStream open(InputStream in) throws IOException;
  }
}
