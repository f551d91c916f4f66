package io.hardbake.credentials;

import io.hardbake.failure.IntegrityException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X962Parameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and keys as text (RFC 7468).
 *
 * <p>Keys are written in the traditional forms, "RSA PRIVATE KEY" (PKCS #1, RFC 8017 appendix
 * A.1.2) and "EC PRIVATE KEY" (SEC 1, RFC 5915), as the tutorial's tools write them. PKCS #8 would
 * do for most, but the readers of a cluster are many and differ by age: kube-apiserver's token
 * signing, the controller-manager's certificate signing, etcd, nginx; these forms every one of them
 * takes.
 */
final class Pem {
  private static final int P256_BITS = 256;

  private Pem() {}

  static byte[] write(X509CertificateHolder certificate) throws IOException {
    return write("CERTIFICATE", certificate.getEncoded());
  }

  static byte[] write(KeyPair pair) throws IOException {
    if (pair.getPrivate() instanceof ECPrivateKey key) {
      // The JDK's own encoding names neither the curve nor the public key within; Go and openssl
      // want the curve at least.
      SubjectPublicKeyInfo publicKey =
          SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
      return write(
          "EC PRIVATE KEY",
          new org.bouncycastle.asn1.sec.ECPrivateKey(
                  P256_BITS,
                  key.getS(),
                  publicKey.getPublicKeyData(),
                  new X962Parameters(SECObjectIdentifiers.secp256r1))
              .getEncoded());
    }
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
    return write("RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded());
  }

  private static byte[] write(String type, byte[] der) throws IOException {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, der));
    }
    // Bouncy Castle ends lines as the host does.
    return text.toString().replace("\r\n", "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads the first certificate.
   *
   * @param file names the text in failures
   */
  static X509CertificateHolder certificate(String file, byte[] text) throws IntegrityException {
    return first(file, text, X509CertificateHolder.class, "certificate");
  }

  /** Reads the first private key, whichever form it has. */
  static PrivateKey key(String file, byte[] text) throws IntegrityException {
    PrivateKeyInfo info = first(file, text, PrivateKeyInfo.class, "private key without a password");
    try {
      return KeyFactory.getInstance(algorithm(info.getPrivateKeyAlgorithm()))
          .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw damaged(file, "private key of kind RSA or EC", e);
    }
  }

  /** The key that a certificate speaks for. */
  static PublicKey publicKey(String file, X509CertificateHolder certificate)
      throws IntegrityException {
    SubjectPublicKeyInfo info = certificate.getSubjectPublicKeyInfo();
    try {
      return KeyFactory.getInstance(algorithm(info.getAlgorithm()))
          .generatePublic(new X509EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw damaged(file, "public key of kind RSA or EC", e);
    }
  }

  private static String algorithm(AlgorithmIdentifier identifier) {
    return identifier.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey) ? "EC" : "RSA";
  }

  private static <T> T first(String file, byte[] text, Class<T> type, String what)
      throws IntegrityException {
    try (PEMParser parser =
        new PEMParser(new StringReader(new String(text, StandardCharsets.ISO_8859_1)))) {
      for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
        Object plain = found instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : found;
        if (type.isInstance(plain)) {
          return type.cast(plain);
        }
      }
    } catch (IOException | RuntimeException e) {
      // Bouncy Castle reports damaged structures as either.
      throw damaged(file, what, e);
    }
    throw damaged(file, what, null);
  }

  private static IntegrityException damaged(String file, String what, @Nullable Exception cause) {
    String problem = file + " holds no readable " + what;
    String remedy =
        "restore the file from where you keep a copy, or make everything anew with --force";
    return cause == null
        ? new IntegrityException(problem, remedy)
        : new IntegrityException(problem, remedy, cause);
  }
}
