package io.hardbake.fetch;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import io.hardbake.fetch.Attempts.Mismatch;
import io.hardbake.io.HashedInputStream;
import io.hardbake.io.Sha256;
import io.hardbake.io.Sha512;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Brings files into the store, from there or from the network. Safe for use by several threads.
 *
 * <p>Everything throws {@code UnreachableException} when no candidate answers, {@code
 * IntegrityException} when what came is not what was asked for, {@code HostException} when the
 * store cannot be used, and {@code UsageException} when a proxy is named that cannot be used. A
 * download that fails leaves nothing behind; one that is interrupted or killed leaves its
 * beginning, which the next one resumes.
 */
public final class Fetcher {
  private static final int BUFFER = 1 << 16;

  private final Store store;
  private final Progress progress;
  private final FetchSettings settings;
  private final Transport transport;

  private Fetcher(Store store, Progress progress, FetchSettings settings) {
    this.store = store;
    this.progress = progress;
    this.settings = settings;
    this.transport = new Transport(settings);
  }

  public static Fetcher of(Store store, Progress progress, FetchSettings settings) {
    return new Fetcher(store, progress, settings);
  }

  /** The file in the store, downloaded when it is not there yet. */
  public Path fetch(Download download) throws BakeException, InterruptedException {
    return fetchAll(List.of(download)).get(0);
  }

  /**
   * Fetches all, several at a time; the first failure ends the others.
   *
   * @return the files in the order of {@code downloads}
   */
  public List<Path> fetchAll(List<Download> downloads) throws BakeException, InterruptedException {
    List<Download> missing = missing(downloads);
    if (!missing.isEmpty()) {
      refuseOffline(missing.stream().map(Download::what).toList());
      for (Download download : missing) {
        transport.requireProxies(download.candidates());
      }
      Size total = missing.stream().map(Download::size).reduce(Size.ZERO, Size::plus);
      String what = missing.size() == 1 ? missing.get(0).what() : missing.size() + " files";
      try (Progress.Task task = progress.begin("fetching " + what, total)) {
        Parallel.each(missing, settings.parallel(), one -> fetch(one, task));
      }
    }
    return downloads.stream().map(download -> store.pathOf(download.sha256())).toList();
  }

  /**
   * Reads something small whose truth the caller checks itself, by a signature or a digest.
   *
   * @param limit more bytes than this are refused
   * @param what its name for people
   */
  public byte[] read(List<URI> candidates, Size limit, String what)
      throws BakeException, InterruptedException {
    refuseOffline(List.of(what));
    transport.requireProxies(candidates);
    return guarded(
        what,
        () ->
            new Attempts(what, candidates, progress).run(asked -> readOnce(asked, limit.bytes())));
  }

  /**
   * Warns of a mirror whose answer to {@link #read} the caller could not believe, once another one
   * had the right one.
   *
   * @param problem names the mirror, and says what is wrong with its answer
   */
  public void passedOver(String problem) {
    progress.warn(problem, Attempts.REMEDY_PASSED_OVER);
  }

  /**
   * Reads a body as it comes and releases the result only once the digest of the whole body
   * matched. The reader must keep its work to itself until then; it is called again when another
   * candidate has to be tried from the start. It need not read to the end.
   */
  public <T> T stream(PinnedStream pinned, Reader<T> reader)
      throws BakeException, InterruptedException {
    refuseOffline(List.of(pinned.what()));
    transport.requireProxies(pinned.candidates());
    try (Progress.Task task = progress.begin("fetching " + pinned.what(), Size.ZERO)) {
      return guarded(
          pinned.what(),
          () -> {
            try {
              return new Attempts(pinned.what(), pinned.candidates(), progress)
                  .run(asked -> streamOnce(pinned, asked, reader, task));
            } catch (FileSystemException e) {
              throw outside(pinned.what(), e);
            }
          });
    }
  }

  /** A file that the reader of a stream uses; streams themselves touch none, nor the store. */
  private static HostException outside(String what, FileSystemException e) {
    return new HostException(
        "cannot write what is taken from %s: %s".formatted(what, e.getMessage()),
        "make room there (df -h and df -i tell which is short), or name another directory for"
            + " results with --output",
        e);
  }

  /**
   * Makes sure that no proxy is in the way to these that is named and cannot be used.
   *
   * @throws UsageException that says which variable names it
   */
  public void requireProxies(List<URI> uris) throws UsageException {
    transport.requireProxies(uris);
  }

  /**
   * Whether the host answers, be it that the address is not there; asks once, for no longer than it
   * may take to connect. False when offline, and when a proxy or a gateway refuses.
   */
  public boolean reachable(URI uri) throws InterruptedException {
    return !settings.offline() && transport.answers(uri);
  }

  /** Makes a value of a body that is not yet verified. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(InputStream in) throws IOException, BakeException, InterruptedException;
  }

  @FunctionalInterface
  private interface Action<T> {
    T run() throws IOException, BakeException, InterruptedException;
  }

  /** The boundary where failures of the store get a remedy, and interruption its own name again. */
  private static <T> T guarded(String what, Action<T> action)
      throws BakeException, InterruptedException {
    try {
      return action.run();
    } catch (BodyStream.Cancelled | ClosedByInterruptException e) {
      Thread.interrupted();
      throw Store.interrupted(e);
    } catch (IOException e) {
      throw new HostException(
          "cannot keep %s: %s".formatted(what, e.getMessage()),
          "make room (df -h and df -i tell which is short), or name another directory for the"
              + " store with HARDBAKE_CACHE",
          e);
    }
  }

  private List<Download> missing(List<Download> downloads)
      throws BakeException, InterruptedException {
    Map<Sha256, Download> missing = new TreeMap<>();
    for (Download download : downloads) {
      Optional<Path> present = guarded(download.what(), () -> store.find(download.sha256()));
      if (present.isEmpty()) {
        missing.putIfAbsent(download.sha256(), download);
      }
    }
    return new ArrayList<>(missing.values());
  }

  private void refuseOffline(List<String> missing) throws UnreachableException {
    if (settings.offline()) {
      int shown = Math.min(5, missing.size());
      String more = missing.size() > shown ? " and %d more".formatted(missing.size() - shown) : "";
      throw new UnreachableException(
          "not in the store, and offline: " + String.join(", ", missing.subList(0, shown)) + more,
          "run the same once without --offline; what it fetches stays in the store");
    }
  }

  private void fetch(Download download, Progress.Task task)
      throws BakeException, InterruptedException {
    guarded(
        download.what(),
        () -> {
          Locks.Held held = store.lockDownload(download.sha256());
          try {
            Optional<Path> present = store.find(download.sha256());
            return present.isPresent() ? present.get() : download(download, task);
          } finally {
            held.close();
          }
        });
  }

  private Path download(Download download, Progress.Task task)
      throws IOException, BakeException, InterruptedException {
    Path partial = store.partialOf(download.sha256());
    try {
      return new Attempts(download.what(), download.candidates(), progress)
          .run(asked -> downloadOnce(download, asked, partial, task));
    } catch (BodyStream.Cancelled | ClosedByInterruptException e) {
      throw e; // What came so far stays, to be resumed.
    } catch (IOException | BakeException e) {
      Files.deleteIfExists(partial);
      throw e;
    } finally {
      if (Files.exists(partial) && Files.size(partial) == 0) {
        Files.delete(partial);
      }
    }
  }

  private Path downloadOnce(
      Download download, List<URI> candidates, Path partial, Progress.Task task)
      throws Mismatch, IOException, BakeException {
    long size = download.size().bytes();
    long start = Files.exists(partial) ? Files.size(partial) : 0;
    if (start >= size) {
      Files.deleteIfExists(partial);
      start = 0;
    }
    try (Body body =
        new Body(transport, settings, candidates, start, size, OptionalLong.of(size))) {
      task.advance(start);
      try {
        Sha256 actual = append(body, partial, task);
        if (actual.equals(download.sha256())) {
          return store.adopt(partial, actual);
        }
        Files.delete(partial);
        throw new Mismatch(
            body, mismatch(download, "sha256 %s, %d bytes".formatted(actual, body.position())));
      } catch (Body.TooLong e) {
        Files.deleteIfExists(partial);
        throw new Mismatch(body, mismatch(download, e.found()));
      }
    }
  }

  private String mismatch(Download download, String actual) {
    return "\n  expected sha256 %s, %d bytes\n  actual   %s\n  not kept as %s"
        .formatted(
            download.sha256(), download.size().bytes(), actual, store.pathOf(download.sha256()));
  }

  private static Sha256 append(Body body, Path partial, Progress.Task task) throws IOException {
    byte[] buffer = new byte[BUFFER];
    int n = body.read(buffer); // First: who is killed while nothing comes leaves no empty file.
    try (DigestingFile file = DigestingFile.append(partial)) {
      OutputStream out = file.stream();
      while (n >= 0) {
        out.write(buffer, 0, n);
        task.advance(n);
        n = body.read(buffer);
      }
      return file.finish();
    }
  }

  private byte[] readOnce(List<URI> candidates, long limit) throws Mismatch, IOException {
    try (Body body = new Body(transport, settings, candidates, 0, limit, OptionalLong.empty())) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try {
        body.transferTo(out);
      } catch (Body.TooLong e) {
        throw new Mismatch(body, tooLarge(limit, e));
      }
      return out.toByteArray();
    }
  }

  private static String tooLarge(long limit, Body.TooLong e) {
    return "\n  expected at most %d bytes\n  actual   %s".formatted(limit, e.found());
  }

  private <T> T streamOnce(
      PinnedStream pinned, List<URI> candidates, Reader<T> reader, Progress.Task task)
      throws Mismatch, IOException, BakeException, InterruptedException {
    long limit = pinned.limit().bytes();
    try (Body body = new Body(transport, settings, candidates, 0, limit, OptionalLong.empty())) {
      try {
        HashedInputStream in = new HashedInputStream(body, Sha512.newDigest(), task::advance);
        Action<T> outcome = read(in, reader);
        // The rest counts too: only the digest of the whole says that what was read is true.
        in.transferTo(OutputStream.nullOutputStream());
        Sha512 actual = Sha512.of(in.digest());
        if (!actual.equals(pinned.sha512())) {
          throw new Mismatch(
              body,
              "\n  expected sha512 %s\n  actual   sha512 %s".formatted(pinned.sha512(), actual));
        }
        return outcome.run();
      } catch (Body.TooLong e) {
        throw new Mismatch(body, tooLarge(limit, e));
      }
    }
  }

  /** A reader's failure is its result: a body that turns out to be a wrong one explains it. */
  private static <T> Action<T> read(InputStream in, Reader<T> reader) throws InterruptedException {
    try {
      T value = reader.read(in);
      return () -> value;
    } catch (IOException e) {
      return () -> {
        throw e;
      };
    } catch (BakeException e) {
      return () -> {
        throw e;
      };
    } catch (RuntimeException e) { // as parsers throw when they are fed garbage
      return () -> {
        throw e;
      };
    }
  }
}
