package io.hardbake.debian.trust;

import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import java.nio.file.Path;
import java.time.Instant;

/** The keys whose signature is believed. */
@SuppressWarnings("DoNotCallSuggester") // The shape first; the bodies follow.
public final class Keyring {
  private final Sha256 digest;

  private Keyring(Sha256 digest) {
    this.digest = digest;
  }

  /** Debian's own archive keys, as embedded in hardbake. */
  public static Keyring debian() {
    return new Keyring(Sha256.of(new byte[0]));
  }

  /** A keyring of the user's: OpenPGP certificates, binary or armoured. */
  public static Keyring read(Path file) throws HostException {
    throw new UnsupportedOperationException(file.toString());
  }

  /** Of the keyring's bytes, so that a lock can name the keys it believed. */
  public Sha256 digest() {
    return digest;
  }

  /**
   * The signed text of a clear-signed file, and nothing else of it.
   *
   * @param what names the file in an error
   * @param now when keys and signatures have to be valid
   */
  public byte[] open(byte[] clearSigned, String what, Instant now) throws IntegrityException {
    throw new UnsupportedOperationException(what + now + clearSigned.length);
  }
}
