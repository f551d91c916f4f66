package io.hardbake.debian;

import io.hardbake.io.Size;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads paragraphs from a stream, one at a time. The grammar is deb822(5) taken strictly: only an
 * empty line ends a paragraph, a field stands once, values are UTF-8 without control characters
 * except tab. Everything else is a {@link MalformedControlException} with the line's number;
 * neither memory nor the stack depends on what the input claims.
 *
 * @see <a href="https://manpages.debian.org/bookworm/dpkg-dev/deb822.5.en.html">deb822(5)</a>
 */
public final class Deb822 {
  /** Release files are one paragraph of some hundred KiB; nothing honest comes near this. */
  private static final Size LARGEST_PARAGRAPH = Size.mib(8);

  private final InputStream in;
  private final boolean comments;

  /** The fields of the paragraph at hand, in lower case. */
  private final Set<String> names = new HashSet<>();

  private final byte[] buffer = new byte[1 << 14];
  private int buffered;
  private int taken;
  private byte[] line = new byte[1 << 12];
  private int length;
  private long lineNumber;
  private long position;
  private long start;
  private long startLine;

  private Deb822(InputStream in, boolean comments) {
    this.in = in;
    this.comments = comments;
  }

  /** Of machines' files: Packages, Sources, Release, status. A comment is malformed there. */
  public static Deb822 of(InputStream in) {
    return new Deb822(in, false);
  }

  /**
   * Of files that people write, such as {@code *.sources}: lines beginning with # are skipped, and
   * a line of white space ends a paragraph as an empty one does.
   */
  public static Deb822 withComments(InputStream in) {
    return new Deb822(in, true);
  }

  public static List<Paragraph> all(byte[] text) throws MalformedControlException {
    Deb822 reader = of(new ByteArrayInputStream(text));
    List<Paragraph> paragraphs = new ArrayList<>();
    try {
      for (Paragraph p = reader.next(); p != null; p = reader.next()) {
        paragraphs.add(p);
      }
    } catch (MalformedControlException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be read", e);
    }
    return paragraphs;
  }

  /** The next paragraph, or null at the end. */
  public @Nullable Paragraph next() throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    names.clear();
    Field field = null;
    while (true) {
      long before = position;
      if (!readLine()) {
        break;
      }
      if (length == 0 || (comments && isBlankLine())) {
        if (field == null) {
          continue;
        }
        break;
      }
      if (comments && line[0] == '#') {
        continue;
      }
      if (field == null) {
        start = before;
        startLine = lineNumber;
      } else if (position - start > LARGEST_PARAGRAPH.bytes()) {
        throw malformed("the paragraph is larger than " + LARGEST_PARAGRAPH);
      }
      if (line[0] == ' ' || line[0] == '\t') {
        continuation(field);
      } else {
        field = begin(fields, field);
      }
    }
    if (field == null) {
      return null;
    }
    field.endIn(fields);
    return new Paragraph(fields);
  }

  /** The line on which the last paragraph began, counted from 1. */
  public long line() {
    return startLine;
  }

  /** The byte at which the last paragraph began. */
  long start() {
    return start;
  }

  /** The byte after what was read so far: behind the empty line that ended the last paragraph. */
  long end() {
    return position;
  }

  /** White space is space and tab here, not what Unicode calls so. */
  private static String trim(String value) {
    int from = 0;
    int to = value.length();
    while (from < to && isBlank(value.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(value.charAt(to - 1))) {
      to--;
    }
    return value.substring(from, to);
  }

  private boolean isBlankLine() {
    for (int i = 0; i < length; i++) {
      if (!isBlank((char) line[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private Field begin(Map<String, String> fields, @Nullable Field before)
      throws MalformedControlException {
    int colon = 0;
    while (colon < length && line[colon] != ':') {
      if (line[colon] <= ' ' || line[colon] == 0x7f) {
        throw malformed("a field's name holds a character that may not stand there");
      }
      colon++;
    }
    if (colon == length) {
      throw malformed("neither a field nor its continuation: " + Quoted.of(text(0)));
    }
    if (colon == 0 || line[0] == '-' || line[0] == '#') {
      throw malformed("a field's name may not be empty nor begin with - or #");
    }
    if (before != null) {
      before.endIn(fields);
    }
    String name = new String(line, 0, colon, StandardCharsets.US_ASCII);
    if (!names.add(name.toLowerCase(Locale.ROOT))) {
      throw malformed("the field " + name + " stands twice");
    }
    return new Field(name, text(colon + 1));
  }

  private void continuation(@Nullable Field field) throws MalformedControlException {
    if (field == null) {
      throw malformed("the paragraph begins with a continuation line");
    }
    String text = text(0);
    if (trim(text).isEmpty()) {
      throw malformed("a line of white space alone: neither a continuation nor an end");
    }
    field.more.append('\n').append(text);
  }

  private String text(int from) throws MalformedControlException {
    boolean ascii = true;
    for (int i = from; i < length; i++) {
      byte b = line[i];
      if (b < 0) {
        ascii = false;
      } else if ((b < ' ' && b != '\t') || b == 0x7f) {
        throw malformed("a control character, 0x%02x".formatted(b));
      }
    }
    if (ascii) {
      return new String(line, from, length - from, StandardCharsets.US_ASCII);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(line, from, length - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("not UTF-8");
    }
  }

  /** False at the end of the stream; a last line may lack its newline. */
  private boolean readLine() throws IOException {
    length = 0;
    if (taken == buffered && !fill()) {
      return false;
    }
    lineNumber++;
    do {
      int end = taken;
      while (end < buffered && buffer[end] != '\n') {
        end++;
      }
      append(end - taken);
      if (end < buffered) {
        taken++;
        position++;
        return true;
      }
    } while (fill());
    return true;
  }

  /** Moves bytes from the buffer to the line. */
  private void append(int count) throws MalformedControlException {
    if (count > line.length - length) {
      if (length + count > LARGEST_PARAGRAPH.bytes()) {
        throw malformed("the line is longer than " + LARGEST_PARAGRAPH);
      }
      line = Arrays.copyOf(line, Math.max(line.length * 2, length + count));
    }
    System.arraycopy(buffer, taken, line, length, count);
    length += count;
    taken += count;
    position += count;
  }

  private boolean fill() throws IOException {
    taken = 0;
    buffered = Math.max(0, in.read(buffer));
    return buffered > 0;
  }

  private MalformedControlException malformed(String reason) {
    return new MalformedControlException(lineNumber, reason);
  }

  /** A field whose continuation lines are still coming. */
  private static final class Field {
    private final String name;
    private final StringBuilder more;

    Field(String name, String firstLine) {
      this.name = name;
      this.more = new StringBuilder(firstLine);
    }

    void endIn(Map<String, String> fields) {
      // As dpkg does: blanks at the end of a line within a value belong to it.
      fields.put(name, trim(more.toString()));
    }
  }
}
