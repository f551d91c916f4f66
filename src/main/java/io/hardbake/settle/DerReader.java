package io.hardbake.settle;

import java.util.Arrays;

/**
 * Walks over DER (X.690): one element after the other of a constructed one.
 *
 * @see <a href="https://www.itu.int/rec/T-REC-X.690">ITU-T X.690, chapters 8 and 10</a>
 */
final class DerReader {
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int UTF8_STRING = 0x0c;
  static final int SEQUENCE = 0x30;
  static final int SET = 0x31;

  private final byte[] der;
  private final int end;
  private int at;

  DerReader(byte[] der) {
    this(der, 0, der.length);
  }

  private DerReader(byte[] der, int from, int to) {
    this.der = der;
    this.at = from;
    this.end = to;
  }

  /** One element: a head, then a body from {@code bodyAt} to {@code to}. */
  static final class Element {
    private final byte[] der;
    private final int tag;
    private final int from;
    private final int bodyAt;
    private final int to;

    private Element(byte[] der, int tag, int from, int bodyAt, int to) {
      this.der = der;
      this.tag = tag;
      this.from = from;
      this.bodyAt = bodyAt;
      this.to = to;
    }

    int tag() {
      return tag;
    }

    DerReader inside() {
      return new DerReader(der, bodyAt, to);
    }

    byte[] body() {
      return Arrays.copyOfRange(der, bodyAt, to);
    }

    byte[] whole() {
      return Arrays.copyOfRange(der, from, to);
    }
  }

  boolean hasNext() {
    return at < end;
  }

  /**
   * The next element.
   *
   * @throws IllegalArgumentException if there is none, or it is longer than what holds it
   */
  Element next() {
    int from = at;
    int tag = octet();
    int length = octet();
    if (length > 0x7f) {
      int octets = length & 0x7f;
      length = 0;
      for (int i = 0; i < octets; i++) {
        if (length > 0x7fffff) {
          throw new IllegalArgumentException("a DER element is too long");
        }
        length = length << 8 | octet();
      }
    }
    if (length > end - at) {
      throw new IllegalArgumentException("a DER element is longer than what holds it");
    }
    Element element = new Element(der, tag, from, at, at + length);
    at = element.to;
    return element;
  }

  /** The next element, which has to have this tag. */
  Element next(int tag) {
    Element element = next();
    if (element.tag != tag) {
      throw new IllegalArgumentException(
          "DER tag 0x%02x instead of 0x%02x".formatted(element.tag, tag));
    }
    return element;
  }

  private int octet() {
    if (at >= end) {
      throw new IllegalArgumentException("DER ends early");
    }
    return der[at++] & 0xff;
  }
}
