package io.hardbake.settle;

import io.hardbake.settle.DerReader.Element;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The name under which OpenSSL looks for a certificate in a directory: the first four octets,
 * little-endian, of SHA-1 over the subject in canonical form. There each string is UTF-8, in lower
 * case as far as it is ASCII, without white space at its ends and with single spaces within; the
 * outermost SEQUENCE is left out (OpenSSL, crypto/x509/x_name.c, {@code x509_name_canon}).
 */
final class SubjectHash {
  private static final int VERSION = 0xa0;

  private SubjectHash() {}

  /** Eight hexadecimal digits; empty if the bytes are no certificate. */
  static Optional<String> of(byte[] certificate) {
    try {
      byte[] digest = sha1(canonical(subject(certificate)));
      return Optional.of("%02x%02x%02x%02x".formatted(digest[3], digest[2], digest[1], digest[0]));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** RFC 5280, 4.1: version, serialNumber, signature, issuer, validity, subject. */
  private static Element subject(byte[] certificate) {
    DerReader fields =
        new DerReader(certificate)
            .next(DerReader.SEQUENCE)
            .inside()
            .next(DerReader.SEQUENCE)
            .inside();
    if (fields.next().tag() == VERSION) {
      fields.next();
    }
    for (int i = 0; i < 3; i++) {
      fields.next();
    }
    return fields.next(DerReader.SEQUENCE);
  }

  private static byte[] canonical(Element subject) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (DerReader names = subject.inside(); names.hasNext(); ) {
      List<byte[]> attributes = new ArrayList<>();
      for (DerReader set = names.next(DerReader.SET).inside(); set.hasNext(); ) {
        DerReader attribute = set.next(DerReader.SEQUENCE).inside();
        byte[] type = attribute.next(DerReader.OBJECT_IDENTIFIER).whole();
        attributes.add(encode(DerReader.SEQUENCE, type, canonicalValue(attribute.next())));
      }
      attributes.sort(Arrays::compareUnsigned);
      out.writeBytes(encode(DerReader.SET, attributes.toArray(byte[][]::new)));
    }
    return out.toByteArray();
  }

  private static byte[] canonicalValue(Element value) {
    Charset charset =
        switch (value.tag()) {
          case DerReader.UTF8_STRING -> StandardCharsets.UTF_8;
          // PrintableString, TeletexString, IA5String, VisibleString: OpenSSL looks at no alphabet.
          case 0x13, 0x14, 0x16, 0x1a -> StandardCharsets.ISO_8859_1;
          case 0x1e -> StandardCharsets.UTF_16BE; // BMPString
          case 0x1c -> Charset.forName("UTF-32BE"); // UniversalString
          default -> null;
        };
    if (charset == null) {
      return value.whole();
    }
    String text = new String(value.body(), charset);
    return encode(DerReader.UTF8_STRING, squeeze(text).getBytes(StandardCharsets.UTF_8));
  }

  /** OpenSSL's idea of space and of lower case is ASCII's, whatever the locale. */
  private static String squeeze(String text) {
    StringBuilder squeezed = new StringBuilder();
    boolean space = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        space = true;
        continue;
      }
      if (space && !squeezed.isEmpty()) {
        squeezed.append(' ');
      }
      space = false;
      squeezed.append(c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c);
    }
    return squeezed.toString();
  }

  private static byte[] encode(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length > 0x7f) {
      int octets = (39 - Integer.numberOfLeadingZeros(length)) / 8;
      out.write(0x80 | octets);
      for (int i = octets - 1; i >= 0; i--) {
        out.write(length >> (8 * i));
      }
    } else {
      out.write(length);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Not for security: the format asks for it. */
  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
