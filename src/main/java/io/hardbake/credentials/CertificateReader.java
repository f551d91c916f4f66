package io.hardbake.credentials;

import io.hardbake.failure.IntegrityException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.RFC4519Style;
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
        names(certificate),
        KeyKind.describe(Pem.publicKey(file, certificate)),
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant());
  }

  /** DNS names and addresses in the certificate's order; entries of other kinds are left out. */
  static Set<AlternativeName> names(X509CertificateHolder certificate) {
    Set<AlternativeName> names = new LinkedHashSet<>();
    GeneralNames extension =
        GeneralNames.fromExtensions(certificate.getExtensions(), Extension.subjectAlternativeName);
    if (extension == null) {
      return names;
    }
    for (GeneralName name : extension.getNames()) {
      if (name.getTagNo() == GeneralName.dNSName) {
        names.add(AlternativeName.ofName(name.getName().toString()));
      } else if (name.getTagNo() == GeneralName.iPAddress) {
        names.add(address(ASN1OctetString.getInstance(name.getName()).getOctets()));
      }
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

  private static String text(X500Name name) {
    return X500Name.getInstance(RFC4519Style.INSTANCE, name).toString();
  }
}
