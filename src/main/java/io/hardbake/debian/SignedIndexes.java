package io.hardbake.debian;

import io.hardbake.debian.IndexFetcher.OpenSuite;
import io.hardbake.debian.IndexFetcher.Packed;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnresolvableException;
import io.hardbake.fetch.Download;
import io.hardbake.fetch.Fetcher;
import io.hardbake.image.Architecture;
import io.hardbake.io.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an archive says of itself, file by file, for who serves it again: whoever reads the copy
 * verifies the same signature.
 *
 * @param suite the codename, such as {@code bookworm-security}
 * @param inRelease the signed table of contents, verified
 * @param indexes what it names, by path below a mirror's base: Packages of the architectures asked
 *     for
 * @param sources the same for Sources, where the suite has them; a mirror may be without
 */
public record SignedIndexes(
    String suite,
    Bytes inRelease,
    SortedMap<String, Download> indexes,
    SortedMap<String, Download> sources) {
  public SignedIndexes {
    indexes = Collections.unmodifiableSortedMap(new TreeMap<>(indexes));
    sources = Collections.unmodifiableSortedMap(new TreeMap<>(sources));
  }

  /** Below a mirror's base. */
  public String inReleasePath() {
    return "dists/" + suite + "/InRelease";
  }

  /**
   * Fetches and verifies the InRelease of every suite; the indexes are yet to be fetched.
   *
   * @param architectures instead of the one in the settings
   */
  public static List<SignedIndexes> open(
      ArchiveSettings settings,
      Collection<Architecture> architectures,
      Fetcher fetcher,
      Instant now)
      throws BakeException, InterruptedException {
    List<SignedIndexes> all = new ArrayList<>();
    for (Suite suite : settings.suites()) {
      OpenSuite open = DebianArchive.open(suite, settings, fetcher, now);
      List<Packed> packed = new ArrayList<>();
      for (Architecture architecture : new TreeSet<>(architectures)) {
        String name = "binary-" + architecture.debianName() + "/Packages";
        packed.addAll(IndexFetcher.packed(open, settings.components(), name));
      }
      all.add(
          new SignedIndexes(
              suite.codename(),
              open.signed(),
              byPath(packed),
              byPath(sources(open, settings.components()))));
    }
    return all;
  }

  private static SortedMap<String, Download> byPath(List<Packed> packed) {
    SortedMap<String, Download> indexes = new TreeMap<>();
    packed.forEach(each -> indexes.put(each.path(), each.download()));
    return indexes;
  }

  /** Not every archive has sources, and only Kubernetes' stand-in is made of some. */
  private static List<Packed> sources(OpenSuite suite, List<String> components) {
    try {
      return IndexFetcher.packed(suite, components, "source/Sources");
    } catch (UnresolvableException e) {
      return List.of();
    }
  }
}
