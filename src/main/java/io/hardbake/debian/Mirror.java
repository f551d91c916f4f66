package io.hardbake.debian;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where Debian is had from. Everything is signed, so http serves as well as https.
 *
 * @param main bases that serve a release and its updates
 * @param security bases that serve its security suite
 * @param source in words where the choice came from, for people
 */
public record Mirror(List<URI> main, List<URI> security, String source) {
  public static final Mirror PUBLIC =
      new Mirror(
          List.of(URI.create("https://ftp.debian.org/debian")),
          List.of(URI.create("https://security.debian.org/debian-security")),
          "the public default");

  public Mirror {
    main = List.copyOf(main);
    security = List.copyOf(security);
  }

  /**
   * What was named explicitly, else what a Debian host's own apt uses for {@code codename}, else
   * {@link #PUBLIC}; for the release and for its security suite each by itself.
   *
   * @param main bases named by the user, maybe none
   * @param security bases named by the user, maybe none
   * @param hostRoot where the host's {@code etc} is: {@code /}
   */
  public static Mirror choose(String codename, List<URI> main, List<URI> security, Path hostRoot) {
    AptSources apt = AptSources.of(hostRoot);
    Choice release = choose(main, apt.serving(codename), PUBLIC.main);
    Choice fixes = choose(security, apt.serving(codename + "-security"), PUBLIC.security);
    String source =
        release.source.equals(fixes.source)
            ? release.source
            : release.source + "; for security: " + fixes.source;
    return new Mirror(release.bases, fixes.bases, source);
  }

  private record Choice(List<URI> bases, String source) {}

  private static Choice choose(List<URI> named, List<AptSources.Entry> host, List<URI> otherwise) {
    if (!named.isEmpty()) {
      return new Choice(named, "as asked for");
    }
    if (!host.isEmpty()) {
      Set<URI> bases = new LinkedHashSet<>();
      host.forEach(entry -> bases.add(entry.base()));
      return new Choice(List.copyOf(bases), host.get(0).file());
    }
    return new Choice(otherwise, PUBLIC.source);
  }
}
