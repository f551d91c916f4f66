package io.hardbake.debian;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Where in the world an index comes from.
 *
 * @param suite the codename it was asked by, such as {@code bookworm-security}
 * @param bases the mirrors, each of which holds {@code dists/} and {@code pool/}; tried in order
 * @param priority apt's pin priority: the higher one wins before the version is looked at
 */
public record Origin(String suite, List<URI> bases, int priority) {
  /** What apt gives to an archive that nobody pinned. */
  public static final int DEFAULT_PRIORITY = 500;

  public Origin {
    bases = bases.stream().map(Origin::asDirectory).toList();
  }

  /** apt's order of what comes from several origins: the pin priority first, then the version. */
  static <P> Comparator<P> bestFirst(Function<P, Origin> origin, Function<P, DebVersion> version) {
    return Comparator.<P>comparingInt(each -> origin.apply(each).priority())
        .thenComparing(version)
        .reversed();
  }

  /** Every place where {@code path}, relative to a mirror's base, should be found. */
  public List<URI> candidates(String path) {
    return bases.stream().map(base -> URI.create(base + escape(path))).toList();
  }

  /**
   * Pool paths hold {@code +} and {@code ~}, which URIs allow; {@code %} and {@code :} need care.
   */
  private static String escape(String path) {
    return path.replace("%", "%25").replace(" ", "%20");
  }

  private static URI asDirectory(URI base) {
    String text = base.toString();
    return text.endsWith("/") ? base : URI.create(text + "/");
  }
}
