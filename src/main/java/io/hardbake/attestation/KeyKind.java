package io.hardbake.attestation;

import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.Optional;

/** The kinds of keys that sign statements, with the one signature that each makes. */
enum KeyKind {
  /** Deterministic: the same statement and key give the same envelope. */
  ED25519("Ed25519", "Ed25519"),
  /** On P-256, in DER. Each signature is another, since it takes a random number. */
  ECDSA("EC", "SHA256withECDSA"),
  /** PKCS #1 v1.5, which is deterministic; of 2048 bits or more. */
  RSA("RSA", "SHA256withRSA");

  private static final int P256_BITS = 256;
  private static final int LEAST_RSA_BITS = 2048;

  private final String keys;
  private final String signatures;

  KeyKind(String keys, String signatures) {
    this.keys = keys;
    this.signatures = signatures;
  }

  /** The JCA's name for a key factory. */
  String keys() {
    return keys;
  }

  /** The JCA's name for the signature. */
  String signatures() {
    return signatures;
  }

  /** Why a key of this kind may not be used. */
  Optional<String> flaw(Key key) {
    if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
      return Optional.of(
          "an RSA key of %d bits, less than %d"
              .formatted(rsa.getModulus().bitLength(), LEAST_RSA_BITS));
    }
    if (key instanceof ECKey ec && ec.getParams().getOrder().bitLength() != P256_BITS) {
      return Optional.of("an EC key on another curve than P-256");
    }
    return Optional.empty();
  }
}
