package io.hardbake.fetch;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files by their SHA-256, kept between bakes. Safe for many threads and processes at once; what was
 * damaged since it was stored is never handed out.
 */
@SuppressWarnings("DoNotCallSuggester") // The shape first; the bodies follow.
public final class Store {
  private Store() {}

  /** The store of this user: {@code HARDBAKE_CACHE}, else a directory in the user's cache. */
  public static Path defaultRoot(Map<String, String> environment) {
    throw new UnsupportedOperationException(environment.toString());
  }

  /** Opens the store in {@code root}, making it when it is missing. */
  public static Store open(Path root) throws IOException {
    throw new IOException(root.toString());
  }

  /** The file with this digest, when it is here and whole. */
  public Optional<Path> find(Sha256 sha256) throws IOException {
    throw new IOException(sha256.hex());
  }

  /** Stores a stream, refusing it when it has another digest. Does not close it. */
  public Path put(Sha256 expected, InputStream in) throws IOException, IntegrityException {
    throw new IOException(expected.hex());
  }

  /**
   * The cached result of a computation. The first to ask computes it; others, in this process or
   * another, wait for it.
   *
   * @param kind what it is, a short word in lower case: {@code "pack"}, {@code "layer"}
   * @param key all that the result depends on, the version of the computation included; any text
   * @param filler writes the result; runs at most once at a time for a kind and key
   */
  public Path derived(String kind, String key, Filler filler)
      throws IOException, BakeException, InterruptedException {
    throw new IOException(kind + key);
  }

  /** Bytes on disk, everything included. */
  public Size size() throws IOException {
    throw new IOException();
  }

  /**
   * Removes what was not used for {@code age}, then the least recently used beyond {@code limit}.
   */
  public Pruned prune(Size limit, Duration age) throws IOException {
    throw new IOException(limit + " " + age);
  }

  /** Re-hashes everything and removes what is damaged. */
  public Verified verify() throws IOException, InterruptedException {
    throw new IOException();
  }

  /** Writes a derived file. */
  @FunctionalInterface
  public interface Filler {
    void fill(OutputStream out) throws IOException, BakeException, InterruptedException;
  }

  /** What pruning removed and what it left. */
  public record Pruned(int removed, Size freed, Size left) {}

  /** How many files were re-hashed, and the digests of those that were damaged and are gone. */
  public record Verified(int checked, Size bytes, List<Sha256> damaged) {
    public Verified {
      damaged = List.copyOf(damaged);
    }
  }
}
