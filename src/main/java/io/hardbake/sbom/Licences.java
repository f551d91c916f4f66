package io.hardbake.sbom;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/** The SPDX identifiers of those licences that Debian has another, but unmistakable, name for. */
final class Licences {
  private final Properties identifiers = new Properties();

  Licences() {
    try (InputStream in = Licences.class.getResourceAsStream("licences.properties")) {
      if (in == null) {
        throw new IllegalStateException("licences.properties is not on the class path");
      }
      identifiers.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The identifier of one licence; nothing for what is not sure, nor for several at once. */
  Optional<String> identifier(String debianName) {
    return Optional.ofNullable(identifiers.getProperty(debianName.toLowerCase(Locale.ROOT)));
  }
}
