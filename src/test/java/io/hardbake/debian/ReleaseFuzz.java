package io.hardbake.debian;

import io.hardbake.failure.IntegrityException;
import java.time.Instant;
import java.util.Optional;

/** A Release file is refused, or its files stay within the archive. */
public final class ReleaseFuzz {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private ReleaseFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Release release;
    try {
      release = Release.parse(input);
    } catch (MalformedControlException e) {
      return;
    }
    try {
      release.check("bookworm", NOW);
    } catch (IntegrityException e) {
      // Well-formed, and not to be believed now.
    }
    release
        .files()
        .forEach(
            (path, line) -> {
              if (path.startsWith("/")
                  || ("/" + path + "/").contains("/../")
                  || !release.file(path).equals(Optional.of(line))
                  || line.size().bytes() < 0) {
                throw new AssertionError("accepted: " + line);
              }
            });
  }
}
