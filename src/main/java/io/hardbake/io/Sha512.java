package io.hardbake.io;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A SHA-512 digest as 128 lower-case hexadecimal digits (FIPS 180-4). */
public record Sha512(String hex) implements Comparable<Sha512> {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{128}");

  public Sha512 {
    if (!FORM.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a SHA-512 in lower-case hexadecimal: " + hex);
    }
  }

  /** A fresh digest; the JDK's own provider always has the algorithm. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Completes {@code digest}, which is reset by it. */
  public static Sha512 of(MessageDigest digest) {
    return new Sha512(HexFormat.of().formatHex(digest.digest()));
  }

  public static Sha512 of(Path file) throws IOException {
    return of(Digests.fed(newDigest(), file));
  }

  public static Sha512 of(byte[] bytes) {
    return new Sha512(HexFormat.of().formatHex(newDigest().digest(bytes)));
  }

  @Override
  public int compareTo(Sha512 other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
