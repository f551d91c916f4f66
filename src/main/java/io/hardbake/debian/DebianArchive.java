package io.hardbake.debian;

import io.hardbake.failure.BakeException;
import io.hardbake.fetch.Fetcher;
import java.time.Instant;
import java.util.SortedMap;

/** An archive as it was at one moment, its signatures checked. */
@SuppressWarnings("DoNotCallSuggester") // The shape first; the bodies follow.
public final class DebianArchive {
  private DebianArchive() {}

  /** Fetches and verifies the suites' InRelease and Packages. */
  public static DebianArchive open(ArchiveSettings settings, Fetcher fetcher, Instant now)
      throws BakeException, InterruptedException {
    throw new UnsupportedOperationException();
  }

  public PackageIndex binaries() {
    throw new UnsupportedOperationException();
  }

  /** Read when asked for the first time. */
  public SourceIndex sources() throws BakeException, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** By codename, the Date of each suite's Release. */
  public SortedMap<String, Instant> dates() {
    throw new UnsupportedOperationException();
  }
}
