package io.hardbake.debian.trust;

import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The keys whose signature is believed.
 *
 * <p>A file is believed when at least one of its signatures is a text signature, made with SHA-2 by
 * a key of this ring that may sign, is bound to its certificate (a signing subkey by both
 * signatures, its own and the primary's), and is neither revoked nor expired. Further signatures by
 * keys that are not in the ring do no harm: archives sign with the next release's keys as well.
 */
public final class Keyring {
  /** The release, security and stable keys of Debian 12, as debian-archive-keyring ships them. */
  private static final String DEBIAN = "debian-archive-bookworm.gpg";

  private final byte[] bytes;
  private final Sha256 digest;
  private @Nullable Certificates certificates; // parsed when a signature is to be verified

  private Keyring(byte[] bytes, @Nullable Certificates certificates) {
    this.bytes = bytes;
    this.digest = Sha256.of(bytes);
    this.certificates = certificates;
  }

  /** Debian's own archive keys, as embedded in hardbake. */
  public static Keyring debian() {
    try (InputStream in = Keyring.class.getResourceAsStream(DEBIAN)) {
      if (in == null) {
        throw new IllegalStateException("resource missing: " + DEBIAN);
      }
      return new Keyring(in.readAllBytes(), null);
    } catch (IOException e) {
      throw new IllegalStateException("resource damaged: " + DEBIAN, e);
    }
  }

  /** A keyring of the user's: OpenPGP certificates, binary or armoured. */
  public static Keyring read(Path file) throws HostException {
    try {
      byte[] bytes = Files.readAllBytes(file);
      Certificates certificates = Certificates.of(bytes);
      if (certificates.isEmpty()) {
        throw notAKeyring(file, new IOException("it is empty"));
      }
      return new Keyring(bytes, certificates);
    } catch (IOException e) {
      throw notAKeyring(file, e);
    }
  }

  private static HostException notAKeyring(Path file, Exception cause) {
    return new HostException(
        "the keyring %s cannot be read: %s".formatted(file, cause.getMessage()),
        "give a file of OpenPGP public keys, as gpg --export writes it",
        cause);
  }

  /** Of the keyring's bytes, so that a lock can name the keys it believed. */
  public Sha256 digest() {
    return digest;
  }

  /**
   * The signed text of a clear-signed file, and nothing else of it; lines end with a newline.
   *
   * @param what names the file in an error
   * @param now when keys and signatures have to be valid
   */
  public byte[] open(byte[] clearSigned, String what, Instant now) throws IntegrityException {
    return certificates().open(clearSigned, what, now);
  }

  private synchronized Certificates certificates() {
    Certificates parsed = certificates;
    if (parsed == null) {
      try {
        parsed = Certificates.of(bytes);
      } catch (IOException e) {
        throw new IllegalStateException("resource damaged: " + DEBIAN, e);
      }
      certificates = parsed;
    }
    return parsed;
  }
}
