package io.hardbake.attestation;

import io.hardbake.failure.HostException;
import io.hardbake.failure.UsageException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

/** A private key that signs statements. */
public final class SigningKey {
  private final PemFile.Kept<PrivateKey> kept;

  private SigningKey(PemFile.Kept<PrivateKey> kept) {
    this.kept = kept;
  }

  /**
   * Reads a key in PKCS #8, as {@code openssl genpkey} writes it, without a password.
   *
   * @throws HostException if the file cannot be read
   * @throws UsageException if there is no such key in it: Ed25519, EC on P-256 or RSA of 2048 bits
   */
  public static SigningKey read(Path file) throws HostException, UsageException {
    PemFile pem =
        new PemFile(
            file,
            "make one with: openssl genpkey -algorithm ed25519 -out FILE, or convert with: openssl"
                + " pkcs8 -topk8 -nocrypt -in OLD -out FILE");
    return new SigningKey(
        pem.read(
            "PRIVATE KEY",
            (factory, der) -> factory.generatePrivate(new PKCS8EncodedKeySpec(der))));
  }

  byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(kept.kind().signatures());
      signature.initSign(kept.key());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was read does not sign", e);
    }
  }
}
