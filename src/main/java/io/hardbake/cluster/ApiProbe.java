package io.hardbake.cluster;

import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Asks the API for {@code /version}, which it tells everybody. */
interface ApiProbe {
  String url();

  Answer ask();

  /**
   * What the API said.
   *
   * @param version of Kubernetes, once it answered
   * @param silence why it did not, in the words of Java's TLS or the HTTP status
   */
  record Answer(Optional<String> version, String silence) {}

  /** Makes a probe for one place. */
  @FunctionalInterface
  interface Maker {
    /** A probe of the API at {@code url} that trusts the certificates in {@code authority}. */
    ApiProbe at(String url, Path authority) throws BakeException, IOException;
  }
}
