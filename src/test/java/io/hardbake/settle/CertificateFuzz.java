package io.hardbake.settle;

import io.hardbake.tree.Content;
import java.io.IOException;
import java.util.Optional;

/** A certificate has a hash or is none, in DER as in PEM. */
public final class CertificateFuzz {
  private CertificateFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    require(SubjectHash.of(input));
    require(Certificate.only(Content.of(input)).map(Certificate::subjectHash));
  }

  private static void require(Optional<String> hash) {
    if (hash.isPresent() && !hash.get().matches("[0-9a-f]{8}")) {
      throw new AssertionError("no hash: " + hash.get());
    }
  }
}
