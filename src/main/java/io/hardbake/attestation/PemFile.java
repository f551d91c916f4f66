package io.hardbake.attestation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hardbake.failure.HostException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key in a file, as openssl writes it.
 *
 * @param remedy what to do where the key is not one of ours
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>
 */
record PemFile(Path file, String remedy) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  /** Makes a key of its encoding, or does not if it is of another kind. */
  @FunctionalInterface
  interface Decoder<K extends Key> {
    K decode(KeyFactory factory, byte[] der) throws GeneralSecurityException;
  }

  /** A key and what it is. */
  record Kept<K extends Key>(KeyKind kind, K key) {}

  /** The key under {@code label}, which has to be the file's first. */
  <K extends Key> Kept<K> read(String label, Decoder<K> decoder)
      throws HostException, UsageException {
    Matcher block = BLOCK.matcher(text());
    if (!block.find()) {
      throw refused("has no key in PEM form", Optional.empty());
    }
    if (!block.group(1).equals(label)) {
      throw refused("holds " + block.group(1) + " instead of " + label, Optional.empty());
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(block.group(2));
    } catch (IllegalArgumentException e) {
      throw refused("is damaged: " + e.getMessage(), Optional.of(e));
    }
    for (KeyKind kind : KeyKind.values()) {
      try {
        K key = decoder.decode(KeyFactory.getInstance(kind.keys()), der);
        Optional<String> flaw = kind.flaw(key);
        if (flaw.isPresent()) {
          throw refused("holds " + flaw.get(), Optional.empty());
        }
        return new Kept<>(kind, key);
      } catch (GeneralSecurityException e) {
        // Of another kind; the next is tried.
      }
    }
    throw refused("holds a key that is neither Ed25519, EC nor RSA", Optional.empty());
  }

  private String text() throws HostException, UsageException {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no " + file, remedy, e);
    } catch (IOException e) {
      throw new HostException(
          file + " cannot be read", "name a file with a key that you may read", e);
    }
  }

  private UsageException refused(String why, Optional<Exception> cause) {
    String problem = "%s %s".formatted(file, why);
    return cause.isPresent()
        ? new UsageException(problem, remedy, cause.get())
        : new UsageException(problem, remedy);
  }
}
