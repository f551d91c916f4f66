package io.hardbake.credentials;

import io.hardbake.failure.IntegrityException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;

/** What a certificate says, in this package's words. */
final class CertificateReader {
  private CertificateReader() {}

  static Inventory.Certificate describe(String file, X509CertificateHolder certificate)
      throws IntegrityException {
    return new Inventory.Certificate(
        file,
        text(certificate.getSubject()),
        text(certificate.getIssuer()),
        names(file, certificate),
        KeyKind.describe(Pem.publicKey(file, certificate)),
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant());
  }

  /** DNS names and addresses in the certificate's order; entries of other kinds are left out. */
  static Set<AlternativeName> names(String file, X509CertificateHolder certificate)
      throws IntegrityException {
    Set<AlternativeName> names = new LinkedHashSet<>();
    try {
      GeneralNames extension =
          GeneralNames.fromExtensions(
              certificate.getExtensions(), Extension.subjectAlternativeName);
      if (extension != null) {
        for (GeneralName name : extension.getNames()) {
          if (name.getTagNo() == GeneralName.dNSName) {
            names.add(AlternativeName.ofName(name.getName().toString()));
          } else if (name.getTagNo() == GeneralName.iPAddress) {
            names.add(address(ASN1OctetString.getInstance(name.getName()).getOctets()));
          }
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IntegrityException(
          file + " has a name or address that is none: " + e.getMessage(),
          "make everything anew with --force",
          e);
    }
    return names;
  }

  private static AlternativeName address(byte[] octets) {
    try {
      return AlternativeName.of(InetAddress.getByAddress(octets));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of %d bytes".formatted(octets.length), e);
    }
  }

  /** As of RFC 4514: {@code CN=admin,O=system:masters}. */
  private static String text(X500Name name) {
    try {
      return new X500Principal(name.getEncoded()).getName();
    } catch (IOException e) {
      throw new IllegalStateException(e); // Encoding to memory.
    }
  }
}
