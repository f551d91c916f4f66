package io.hardbake.debian.trust;

import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.fuzz.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** A user's keyring is refused, or can be asked about a signed file. */
public final class KeyringFuzz {
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
  private static final InputFile FILE = new InputFile("keyring.pgp");
  private static final byte[] SIGNED;

  static {
    try {
      SIGNED = Files.readAllBytes(Path.of("src/test/fuzz/InReleaseFuzz/signed"));
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private KeyringFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    try {
      Keyring.read(FILE.holding(input)).open(SIGNED, "the sample", NOW);
    } catch (HostException | IntegrityException e) {
      // Not a keyring, or not the one whose key signed.
    }
  }
}
