package io.hardbake.credentials;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Locale;

/** The kinds of key that every consumer takes, from kube-apiserver 1.18 to nginx. */
public enum KeyKind {
  /** RSA of 2048 bits, as in the tutorial. */
  RSA("SHA256withRSA"),
  /** The curve P-256: smaller and quicker. */
  EC("SHA256withECDSA");

  private final String signature;

  KeyKind(String signature) {
    this.signature = signature;
  }

  KeyPair generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(name());
      generator.initialize(parameters(), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // Every JDK has both.
    }
  }

  private AlgorithmParameterSpec parameters() {
    return switch (this) {
      case RSA -> new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4);
      case EC -> new ECGenParameterSpec("secp256r1");
    };
  }

  /** The JDK's name of the signature, always over SHA-256, that a key of this kind makes. */
  String signature() {
    return signature;
  }

  /** The kind of a key that {@link Pem} read, or that was made here. */
  static KeyKind of(Key key) {
    return valueOf(key.getAlgorithm().toUpperCase(Locale.ROOT));
  }

  /** Whether the two halves belong together: what one signs the other believes. */
  static boolean matches(PrivateKey privateKey, PublicKey publicKey) {
    if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
      return false;
    }
    byte[] message = {1, 2, 3};
    try {
      Signature signature = Signature.getInstance(of(privateKey).signature());
      signature.initSign(privateKey);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // Keys of different curves or lengths.
    }
  }

  /** {@code RSA 2048}, {@code EC 256}. */
  static String describe(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return "RSA " + rsa.getModulus().bitLength();
    }
    if (key instanceof ECPublicKey ec) {
      return "EC " + ec.getParams().getCurve().getField().getFieldSize();
    }
    return key.getAlgorithm();
  }
}
