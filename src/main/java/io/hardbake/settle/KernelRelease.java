package io.hardbake.settle;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The release in the name of a kernel's package, such as {@code 6.1.0-56-cloud-amd64}. Its scripts
 * quote it, and it grows with nearly every security update; for rules and hashes {@code @KERNEL@}
 * stands in its place.
 */
final class KernelRelease {
  private static final String PREFIX = "linux-image-";
  private static final String PLACEHOLDER = "@KERNEL@";

  private KernelRelease() {}

  /** The release; empty if the package is no kernel, or one that only depends on the newest. */
  static Optional<String> of(String packageName) {
    boolean kernel =
        packageName.startsWith(PREFIX)
            && packageName.length() > PREFIX.length()
            && Character.isDigit(packageName.charAt(PREFIX.length()));
    return kernel ? Optional.of(packageName.substring(PREFIX.length())) : Optional.empty();
  }

  /** A text about a package, with the placeholder instead of the release. */
  static String generalise(String text, String packageName) {
    return of(packageName).map(release -> text.replace(release, PLACEHOLDER)).orElse(text);
  }

  /** A script of a package, likewise. */
  static byte[] generalise(byte[] script, String packageName) {
    // Every byte is a character in Latin-1, so whatever the script holds stays as it is.
    Charset charset = StandardCharsets.ISO_8859_1;
    return generalise(new String(script, charset), packageName).getBytes(charset);
  }
}
