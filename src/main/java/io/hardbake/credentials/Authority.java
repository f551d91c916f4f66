package io.hardbake.credentials;

import io.hardbake.failure.IntegrityException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509ExtensionUtils;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The cluster's CA: it signs (RFC 5280). */
final class Authority {
  /**
   * Certificates count from a day ago: the clock of a machine that just started may be hours behind
   * until it asked the network, most of all where the hardware clock tells local time.
   */
  static final Duration BACKDATE = Duration.ofDays(1);

  /** Leaves the sign bit of 20 octets clear, the most that a serial number may have. */
  private static final int SERIAL_BITS = 159;

  private final X509CertificateHolder certificate;
  private final PrivateKey key;
  private final KeyKind kind;
  private final Instant now;
  private final SecureRandom random;

  private Authority(
      X509CertificateHolder certificate,
      PrivateKey key,
      KeyKind kind,
      Instant now,
      SecureRandom random) {
    this.certificate = certificate;
    this.key = key;
    this.kind = kind;
    this.now = now;
    this.random = random;
  }

  /** Makes a CA that signs itself. */
  static Authority create(KeyPair pair, Instant now, SecureRandom random) throws IOException {
    X500Name name =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.O, "Kubernetes")
            .addRDN(BCStyle.OU, "CA")
            .addRDN(BCStyle.CN, "Kubernetes")
            .build();
    SubjectPublicKeyInfo publicKey =
        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            name,
            serial(random),
            Date.from(now.minus(BACKDATE)),
            Date.from(now.plus(CredentialRequest.CA_VALIDITY)),
            name,
            publicKey);
    // No CA stands below it: machines and kubelets get their certificates from this one.
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier, false, extensions().createSubjectKeyIdentifier(publicKey));
    KeyKind kind = KeyKind.of(pair.getPrivate());
    X509CertificateHolder certificate = builder.build(signer(kind, pair.getPrivate(), random));
    return new Authority(certificate, pair.getPrivate(), kind, now, random);
  }

  /** The CA of an existing set, which may be another tool's. */
  static Authority read(byte[] certificate, byte[] key, Instant now, SecureRandom random)
      throws IntegrityException {
    X509CertificateHolder holder = Pem.certificate(CredentialFile.CA.fileName(), certificate);
    PrivateKey privateKey = Pem.key(CredentialFile.CA_KEY.fileName(), key);
    if (!KeyKind.matches(privateKey, Pem.publicKey(CredentialFile.CA.fileName(), holder))) {
      throw new IntegrityException(
          "ca-key.pem is not the key of ca.pem",
          "restore the two that belong together, or make everything anew with --force");
    }
    if (!holder.getNotAfter().toInstant().isAfter(now)) {
      throw new IntegrityException(
          "the CA expired on " + holder.getNotAfter().toInstant(),
          "make everything anew with --force, and give the machines the new files");
    }
    return new Authority(holder, privateKey, KeyKind.of(privateKey), now, random);
  }

  X509CertificateHolder certificate() {
    return certificate;
  }

  /**
   * Signs a certificate that ends with {@code validity}, or with the CA where that is earlier.
   *
   * @param names left out of the certificate when empty
   */
  X509CertificateHolder issue(
      Profile profile, PublicKey key, Set<AlternativeName> names, Duration validity)
      throws IOException {
    SubjectPublicKeyInfo publicKey = SubjectPublicKeyInfo.getInstance(key.getEncoded());
    Instant caStart = certificate.getNotBefore().toInstant();
    Instant caEnd = certificate.getNotAfter().toInstant();
    Instant start = now.minus(BACKDATE);
    Instant end = now.plus(validity);
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            certificate.getSubject(),
            serial(random),
            Date.from(start.isBefore(caStart) ? caStart : start),
            Date.from(end.isAfter(caEnd) ? caEnd : end),
            profile.subject(),
            publicKey);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage(key)));
    KeyPurposeId[] purposes = profile.purposes().toArray(KeyPurposeId[]::new);
    if (purposes.length > 0) {
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    }
    builder.addExtension(
        Extension.subjectKeyIdentifier, false, extensions().createSubjectKeyIdentifier(publicKey));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        extensions().createAuthorityKeyIdentifier(certificate));
    if (!names.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.stream().map(Authority::general).toArray(GeneralName[]::new)));
    }
    return builder.build(signer(kind, this.key, random));
  }

  /** Only RSA keys can encipher another key, as TLS 1.2 may ask of them. */
  private static int usage(PublicKey key) {
    return key.getAlgorithm().equals("RSA")
        ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment
        : KeyUsage.digitalSignature;
  }

  private static GeneralName general(AlternativeName name) {
    return switch (name.kind()) {
      case DNS -> new GeneralName(GeneralName.dNSName, name.text());
      case ADDRESS ->
          new GeneralName(
              GeneralName.iPAddress,
              new DEROctetString(IpText.parse(name.text()).orElseThrow().getAddress()));
    };
  }

  private static BigInteger serial(SecureRandom random) {
    BigInteger serial = new BigInteger(SERIAL_BITS, random);
    return serial.signum() == 0 ? BigInteger.ONE : serial;
  }

  private static ContentSigner signer(KeyKind kind, PrivateKey key, SecureRandom random) {
    try {
      return new JcaContentSignerBuilder(kind.signature()).setSecureRandom(random).build(key);
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e); // Every JDK has both signatures.
    }
  }

  private static X509ExtensionUtils extensions() {
    try {
      return new JcaX509ExtensionUtils();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // SHA-1, for key identifiers.
    }
  }
}
