package io.hardbake.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The escapes of {@link Manifest}, which are those of mtree(5). */
public final class Escapes {
  private Escapes() {}

  /** A text as one word of printable ASCII. */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    append(escaped, text);
    return escaped.toString();
  }

  static void append(StringBuilder escaped, String text) {
    boolean lone = text.equals("-");
    if (!lone && isPlain(text)) {
      escaped.append(text);
      return;
    }
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = Byte.toUnsignedInt(b);
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == ',' || lone) {
        escaped.append('\\');
        escaped.append((char) ('0' + (c >> 6)));
        escaped.append((char) ('0' + (c >> 3 & 7)));
        escaped.append((char) ('0' + (c & 7)));
      } else {
        escaped.append((char) c);
      }
    }
  }

  /** Whether nothing needs an escape, as in nearly all paths. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == ',') {
        return false;
      }
    }
    return true;
  }

  /**
   * The inverse of {@link #escape}.
   *
   * @param text whose characters stand for bytes, as ISO 8859-1 has them
   * @throws IllegalArgumentException if a backslash begins no escape
   */
  public static String unescape(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != '\\') {
        bytes.write(c);
        at++;
        continue;
      }
      if (at + 4 > text.length()) {
        throw new IllegalArgumentException("cut escape: " + text);
      }
      int value = Integer.parseInt(text.substring(at + 1, at + 4), 8);
      if (value < 0 || value > 0xff) {
        throw new IllegalArgumentException("not an octal byte: " + text);
      }
      bytes.write(value);
      at += 4;
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
