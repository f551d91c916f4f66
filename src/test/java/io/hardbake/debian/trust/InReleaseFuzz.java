package io.hardbake.debian.trust;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;

/**
 * Of everything that resembles a signed file, only what the key signed comes out: byte for byte the
 * text of the sample.
 */
public final class InReleaseFuzz {
  private static final Path SAMPLES = Path.of("src/test/fuzz/InReleaseFuzz");

  /** A minute after the sample was signed. */
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

  private static final Keyring KEYRING;
  private static final byte[] SIGNED;

  static {
    try {
      KEYRING = Keyring.read(Path.of("src/test/fuzz/InReleaseFuzz.pgp"));
      SIGNED = KEYRING.open(Files.readAllBytes(SAMPLES.resolve("signed")), "the sample", NOW);
    } catch (IOException | BakeException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private InReleaseFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    byte[] text;
    try {
      text = KEYRING.open(input, "an input", NOW);
    } catch (IntegrityException e) {
      return;
    }
    if (!Arrays.equals(text, SIGNED)) {
      throw new AssertionError("believed what nobody signed: " + TestKey.asText(text));
    }
  }
}
