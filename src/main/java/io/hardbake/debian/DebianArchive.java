package io.hardbake.debian;

import io.hardbake.debian.IndexFetcher.OpenSuite;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.fetch.Fetcher;
import io.hardbake.io.Bytes;
import io.hardbake.io.Size;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An archive as it was at one moment: every suite's InRelease verified before a word of it was
 * read, every index by the digest that stands there.
 */
public final class DebianArchive {
  /** Those of unstable are 250 KiB. */
  private static final Size LARGEST_RELEASE = Size.mib(8);

  private final List<OpenSuite> suites;
  private final List<String> components;
  private final IndexFetcher indexes;
  private final PackageIndex binaries;
  private @Nullable SourceIndex sources;

  private DebianArchive(
      List<OpenSuite> suites,
      List<String> components,
      IndexFetcher indexes,
      PackageIndex binaries) {
    this.suites = List.copyOf(suites);
    this.components = components;
    this.indexes = indexes;
    this.binaries = binaries;
  }

  /**
   * Fetches and verifies the suites' InRelease and Packages.
   *
   * @param now when signatures, keys and Valid-Until have to hold
   * @throws IntegrityException (5) when a signature, a digest, a date or a suite's name is wrong
   * @throws UnreachableException (4) when no mirror of a suite answers
   */
  public static DebianArchive open(ArchiveSettings settings, Fetcher fetcher, Instant now)
      throws BakeException, InterruptedException {
    List<OpenSuite> suites = new ArrayList<>();
    for (Suite suite : settings.suites()) {
      suites.add(open(suite, settings, fetcher, now));
    }
    IndexFetcher indexes = new IndexFetcher(fetcher);
    PackageIndex.Builder binaries = PackageIndex.builder(settings.architecture());
    String name = "binary-" + settings.architecture().debianName() + "/Packages";
    indexes.readAll(suites, settings.components(), name, binaries::add);
    return new DebianArchive(suites, settings.components(), indexes, binaries.build());
  }

  public PackageIndex binaries() {
    return binaries;
  }

  /** Fetched when asked for the first time. */
  public synchronized SourceIndex sources() throws BakeException, InterruptedException {
    SourceIndex known = sources;
    if (known == null) {
      SourceIndex.Builder builder = SourceIndex.builder();
      indexes.readAll(suites, components, "source/Sources", builder::add);
      known = builder.build();
      sources = known;
    }
    return known;
  }

  /** By the name a suite was asked by, the Date of its Release. */
  public SortedMap<String, Instant> dates() {
    SortedMap<String, Instant> dates = new TreeMap<>();
    suites.forEach(suite -> dates.put(suite.origin().suite(), suite.release().date()));
    return Collections.unmodifiableSortedMap(dates);
  }

  /**
   * Tries the mirrors in turn. One that does not answer, or gives what cannot be believed, is out
   * of the game for the indexes and packages too, which a warning says of what was wrong; only when
   * all are out, that is a failure.
   */
  static OpenSuite open(Suite suite, ArchiveSettings settings, Fetcher fetcher, Instant now)
      throws BakeException, InterruptedException {
    List<URI> mirrors = new ArrayList<>(suite.mirrors());
    List<String> wrong = new ArrayList<>();
    BakeException refusal = null;
    while (!mirrors.isEmpty()) {
      Origin origin = new Origin(suite.codename(), mirrors, suite.priority());
      try {
        OpenSuite open = readRelease(origin, settings, fetcher, now);
        wrong.forEach(fetcher::passedOver);
        return open;
      } catch (UnreachableException | IntegrityException e) {
        // What was there but could not be believed says more than what was not there.
        if (refusal == null || e instanceof IntegrityException) {
          refusal = e;
        }
        if (e instanceof IntegrityException) {
          wrong.add("passed over %s: %s".formatted(origin.bases().get(0), e.getMessage()));
        }
        mirrors.remove(0);
      }
    }
    if (refusal == null) {
      throw new IllegalStateException("a suite without a mirror: " + suite);
    }
    throw refusal;
  }

  /** From the first of the mirrors. */
  private static OpenSuite readRelease(
      Origin origin, ArchiveSettings settings, Fetcher fetcher, Instant now)
      throws BakeException, InterruptedException {
    URI uri = origin.candidates("dists/" + origin.suite() + "/InRelease").get(0);
    byte[] signed = fetcher.read(List.of(uri), LARGEST_RELEASE, uri.toString());
    byte[] text = settings.keyring().open(signed, uri.toString(), now);
    try {
      Release release = Release.parse(text);
      release.check(origin.suite(), now);
      return new OpenSuite(origin, release, Bytes.of(signed));
    } catch (MalformedControlException e) {
      throw new IntegrityException(
          "%s is signed but malformed: %s".formatted(uri, e.getMessage()),
          "tell the archive's maintainers, and choose another mirror",
          e);
    }
  }
}
