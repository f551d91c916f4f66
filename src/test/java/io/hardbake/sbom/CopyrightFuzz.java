package io.hardbake.sbom;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Whatever a package's copyright file is, each licence found in it has a name of one line. */
public final class CopyrightFuzz {
  private CopyrightFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    for (String name : Copyright.licences(new String(input, UTF_8))) {
      if (name.isBlank() || name.lines().count() != 1) {
        throw new AssertionError("no name of a licence: " + name);
      }
    }
  }
}
