package io.hardbake.debian.trust;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.bcpg.CRC24;

/**
 * The cleartext signature framework taken at its narrowest: one message, one signature block, not a
 * byte before, between or after. Whoever reads the text can only get what the signatures cover;
 * trailing blanks of lines, which they do not cover, are gone.
 *
 * <p>Nothing is verified here; {@link Keyring} does that.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9580#section-7">RFC 9580, section 7</a>
 */
final class ClearSigned {
  private static final String BEGIN_MESSAGE = "-----BEGIN PGP SIGNED MESSAGE-----";
  private static final String BEGIN_SIGNATURE = "-----BEGIN PGP SIGNATURE-----";
  private static final String END_SIGNATURE = "-----END PGP SIGNATURE-----";

  /**
   * The only header that RFC 9580 section 7.1 allows before the text. What it says is not believed:
   * the signature itself names its digest.
   */
  private static final Pattern HASH_HEADER =
      Pattern.compile("Hash: [A-Za-z0-9-]+(,[A-Za-z0-9-]+)*");

  private static final Pattern ARMOR_HEADER = Pattern.compile("(Version|Comment|Hash): [ -~]*");
  private static final Pattern BASE64_LINE = Pattern.compile("[A-Za-z0-9+/]{1,96}={0,2}");
  private static final Pattern CHECKSUM_LINE = Pattern.compile("=[A-Za-z0-9+/]{4}");

  private final String text;
  private final byte[] signatures;

  private ClearSigned(String text, byte[] signatures) {
    this.text = text;
    this.signatures = signatures;
  }

  /** What was wrong with the frame; never escapes this package. */
  static final class FramingException extends Exception {
    FramingException(String reason) {
      super(reason);
    }
  }

  /**
   * The covered text: lines without trailing blanks, each ended by a newline. Latin-1 chars =
   * bytes.
   */
  byte[] text() {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * The same as digested for a text signature: lines joined by CR LF, without one at the end (RFC
   * 9580 section 5.2.4, 7.2).
   */
  byte[] canonicalText() {
    String joined = text.substring(0, text.length() - 1).replace("\n", "\r\n");
    return joined.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Signature packets, unarmoured. */
  byte[] signatures() {
    return signatures.clone();
  }

  static ClearSigned parse(byte[] file) throws FramingException {
    return new Parser(lines(file)).parse();
  }

  /** Lines end with LF or CR LF. A lone CR could end a line for one reader and not for another. */
  private static List<String> lines(byte[] file) throws FramingException {
    String all = new String(file, StandardCharsets.ISO_8859_1);
    if (all.indexOf('\0') >= 0) {
      throw new FramingException("it holds a NUL byte");
    }
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < all.length()) {
      int newline = all.indexOf('\n', from);
      int end = newline < 0 ? all.length() : newline;
      String line = all.substring(from, end);
      if (newline >= 0 && line.endsWith("\r")) {
        line = line.substring(0, line.length() - 1);
      }
      if (line.indexOf('\r') >= 0) {
        throw new FramingException("line " + (lines.size() + 1) + " holds a carriage return");
      }
      lines.add(line);
      from = end + 1;
    }
    return lines;
  }

  private static final class Parser {
    private final List<String> lines;
    private int at;

    Parser(List<String> lines) {
      this.lines = lines;
    }

    ClearSigned parse() throws FramingException {
      expect(BEGIN_MESSAGE);
      for (String line = take(); !line.isEmpty(); line = take()) {
        if (!HASH_HEADER.matcher(line).matches()) {
          throw unexpected("only Hash headers may stand before the text");
        }
      }
      String text = text();
      byte[] signatures = signatures();
      if (at != lines.size()) {
        at++;
        throw unexpected("something stands after the signature");
      }
      return new ClearSigned(text, signatures);
    }

    /** Up to and with the line that begins the signature. */
    private String text() throws FramingException {
      StringBuilder text = new StringBuilder();
      for (String line = take(); !line.equals(BEGIN_SIGNATURE); line = take()) {
        if (line.startsWith("- ")) {
          line = line.substring(2);
        } else if (line.startsWith("-")) {
          throw unexpected("a line of the text begins with an unescaped dash");
        }
        text.append(withoutTrailingBlanks(line)).append('\n');
      }
      if (text.isEmpty()) {
        throw unexpected("the text is empty");
      }
      return text.toString();
    }

    private byte[] signatures() throws FramingException {
      for (String line = take(); !line.isEmpty(); line = take()) {
        if (!ARMOR_HEADER.matcher(line).matches()) {
          throw unexpected("not a header of a signature");
        }
      }
      StringBuilder base64 = new StringBuilder();
      String line = take();
      while (BASE64_LINE.matcher(line).matches()) {
        base64.append(line);
        line = take();
      }
      byte[] packets;
      try {
        packets = Base64.getDecoder().decode(base64.toString());
      } catch (IllegalArgumentException e) {
        throw unexpected("the signature is not Base64");
      }
      if (CHECKSUM_LINE.matcher(line).matches()) {
        checkCrc(packets, line.substring(1));
        line = take();
      }
      if (!line.equals(END_SIGNATURE)) {
        throw unexpected("the signature is not ended as it should be");
      }
      return packets;
    }

    /** RFC 9580 section 6.1.1: it protects from accidents only, and may be absent. */
    private void checkCrc(byte[] packets, String expected) throws FramingException {
      CRC24 crc = new CRC24();
      for (byte b : packets) {
        crc.update(b);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(3);
      bytes.write(crc.getValue() >> 16);
      bytes.write(crc.getValue() >> 8);
      bytes.write(crc.getValue());
      if (!Base64.getEncoder().encodeToString(bytes.toByteArray()).equals(expected)) {
        throw unexpected("the signature's checksum is wrong");
      }
    }

    private static String withoutTrailingBlanks(String line) {
      int end = line.length();
      while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
        end--;
      }
      return line.substring(0, end);
    }

    private void expect(String wanted) throws FramingException {
      if (!take().equals(wanted)) {
        throw unexpected("expected " + wanted);
      }
    }

    private String take() throws FramingException {
      if (at == lines.size()) {
        throw new FramingException("it ends at line " + at + ", before its signature does");
      }
      return lines.get(at++);
    }

    private FramingException unexpected(String reason) {
      return new FramingException("line " + at + ": " + reason);
    }
  }
}
