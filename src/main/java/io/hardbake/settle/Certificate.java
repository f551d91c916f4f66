package io.hardbake.settle;

import io.hardbake.io.Sha256;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code openssl rehash} wants to know of an X.509 certificate.
 *
 * @param digest of its DER form
 * @param subjectHash as {@link SubjectHash} has it
 */
record Certificate(Sha256 digest, String subjectHash) {
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN (?:(?:TRUSTED|X509) )?CERTIFICATE-----\\s+([^-]*)"
              + "-----END (?:(?:TRUSTED|X509) )?CERTIFICATE-----");

  /** Empty for a file that does not hold exactly one certificate, in PEM form. */
  static Optional<Certificate> only(Content content) throws IOException {
    String text = new String(content.bytes(), StandardCharsets.ISO_8859_1);
    List<byte[]> found = new ArrayList<>();
    for (Matcher pem = PEM.matcher(text); pem.find(); ) {
      found.add(decode(pem.group(1)));
    }
    return found.size() == 1 ? of(found.get(0)) : Optional.empty();
  }

  private static Optional<Certificate> of(byte[] der) {
    return SubjectHash.of(der).map(subject -> new Certificate(Sha256.of(der), subject));
  }

  /** What is not Base64 comes out empty, and then is no certificate. */
  private static byte[] decode(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
