package io.hardbake.attestation;

import io.hardbake.failure.HostException;
import io.hardbake.failure.UsageException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;

/** A public key that statements are checked with. */
public final class VerificationKey {
  private final PemFile.Kept<PublicKey> kept;

  VerificationKey(PemFile.Kept<PublicKey> kept) {
    this.kept = kept;
  }

  /**
   * Reads a key as {@code openssl pkey -pubout} writes it.
   *
   * @throws HostException if the file cannot be read
   * @throws UsageException if there is no such file, or no such key in it: Ed25519, EC on P-256 or
   *     RSA of 2048 bits
   */
  public static VerificationKey read(Path file) throws HostException, UsageException {
    PemFile pem =
        new PemFile(file, "take it from the private key: openssl pkey -pubout -in KEY -out FILE");
    return new VerificationKey(
        pem.read(
            "PUBLIC KEY", (factory, der) -> factory.generatePublic(new X509EncodedKeySpec(der))));
  }

  /** Whether the key's owner signed the message; false for what is no signature at all. */
  boolean accepts(byte[] message, byte[] signed) {
    try {
      Signature signature = Signature.getInstance(kept.kind().signatures());
      signature.initVerify(kept.key());
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
