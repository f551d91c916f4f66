package io.hardbake.attestation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Base64;

/**
 * A pair of keys in files.
 *
 * @param secret in PKCS #8
 * @param open the public one
 */
public record Keys(Path secret, Path open) {

  /** On P-256, P-384 … */
  public static Keys ec(Path directory, String curve) throws Exception {
    return write(directory, "EC", new ECGenParameterSpec(curve));
  }

  /** Of so many bits. */
  public static Keys rsa(Path directory, int bits) throws Exception {
    return write(directory, "RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
  }

  public static Keys ed25519(Path directory) throws Exception {
    return write(directory, KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
  }

  private static Keys write(Path directory, String kind, AlgorithmParameterSpec parameters)
      throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
    generator.initialize(parameters);
    return write(directory, generator.generateKeyPair());
  }

  private static Keys write(Path directory, KeyPair pair) throws IOException {
    return new Keys(
        pem(
            Files.createTempFile(directory, "key", ".pem"),
            "PRIVATE",
            pair.getPrivate().getEncoded()),
        pem(
            Files.createTempFile(directory, "pub", ".pem"),
            "PUBLIC",
            pair.getPublic().getEncoded()));
  }

  private static Path pem(Path file, String word, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n".formatted(word, body, word));
  }
}
