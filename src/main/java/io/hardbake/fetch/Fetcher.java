package io.hardbake.fetch;

import io.hardbake.failure.BakeException;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Brings files into the store, from there or from the network. Safe for use by several threads.
 *
 * <p>Everything throws {@code UnreachableException} when no candidate answers, {@code
 * IntegrityException} when what came is not what was asked for, and {@code HostException} when the
 * store cannot be written.
 */
@SuppressWarnings("DoNotCallSuggester") // The shape first; the bodies follow.
public final class Fetcher {
  private Fetcher() {}

  public static Fetcher of(Store store, Progress progress, FetchSettings settings) {
    throw new UnsupportedOperationException();
  }

  /** The file in the store, downloaded when it is not there yet. */
  public Path fetch(Download download) throws BakeException, InterruptedException {
    throw new UnsupportedOperationException(download.what());
  }

  /**
   * Fetches all, several at a time; the first failure ends the others.
   *
   * @return the files in the order of {@code downloads}
   */
  public List<Path> fetchAll(List<Download> downloads) throws BakeException, InterruptedException {
    throw new UnsupportedOperationException(downloads.toString());
  }

  /**
   * Reads something small whose truth the caller checks itself, by a signature or a digest.
   *
   * @param limit more bytes than this are refused
   * @param what its name for people
   */
  public byte[] read(List<URI> candidates, Size limit, String what)
      throws BakeException, InterruptedException {
    throw new UnsupportedOperationException(what);
  }

  /**
   * Reads a body as it comes and releases the result only once the digest of the whole body
   * matched. The reader must keep its work to itself until then; it may be called again when
   * another candidate is tried. It need not read to the end.
   */
  public <T> T stream(PinnedStream pinned, Reader<T> reader)
      throws BakeException, InterruptedException {
    throw new UnsupportedOperationException(pinned.what());
  }

  /** Whether the host answers at all, be it with an error; asks once and does not wait long. */
  public boolean reachable(URI uri) throws InterruptedException {
    throw new UnsupportedOperationException(uri.toString());
  }

  /** Makes a value of a body that is not yet verified. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(InputStream in) throws IOException, BakeException, InterruptedException;
  }
}
