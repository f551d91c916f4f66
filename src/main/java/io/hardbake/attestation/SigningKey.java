package io.hardbake.attestation;

import io.hardbake.failure.HostException;
import io.hardbake.failure.UsageException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.KeyAgreement;

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
   * @throws UsageException if there is no such file, or no such key in it: Ed25519, EC on P-256 or
   *     RSA of 2048 bits
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

  /** Whether a signature is this key's own; false for what is no signature at all. */
  boolean made(byte[] message, byte[] signature) {
    if (!(kept.key() instanceof ECPrivateKey key)) {
      return Arrays.equals(sign(message), signature); // the same one each time
    }
    try {
      for (PublicKey open : publicKeys(key)) {
        if (new VerificationKey(new PemFile.Kept<>(kept.kind(), open))
            .accepts(message, signature)) {
          return true;
        }
      }
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that was read has no public key", e);
    }
  }

  /**
   * The public key, and the other of the same x, whose private key follows from this one. A file
   * need not hold the public key, and the JDK does not work it out; but a secret agreed upon with
   * the curve's generator is its x.
   */
  private static List<PublicKey> publicKeys(ECPrivateKey key) throws GeneralSecurityException {
    ECParameterSpec parameters = key.getParams();
    KeyFactory factory = KeyFactory.getInstance("EC");
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(key);
    agreement.doPhase(
        factory.generatePublic(new ECPublicKeySpec(parameters.getGenerator(), parameters)), true);
    BigInteger x = new BigInteger(1, agreement.generateSecret());
    EllipticCurve curve = parameters.getCurve();
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    BigInteger square = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB());
    // A square root, since P-256's p is 3 modulo 4.
    BigInteger y = square.modPow(p.add(BigInteger.ONE).shiftRight(2), p);
    List<PublicKey> keys = new ArrayList<>();
    for (BigInteger each : List.of(y, p.subtract(y))) {
      keys.add(factory.generatePublic(new ECPublicKeySpec(new ECPoint(x, each), parameters)));
    }
    return keys;
  }
}
