package io.hardbake.debian;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A control file is refused, or is what it says: written anew from its paragraphs it reads the
 * same, however the stream cuts it.
 */
public final class Deb822Fuzz {
  private Deb822Fuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    List<Paragraph> paragraphs;
    try {
      paragraphs = Deb822.all(input);
    } catch (MalformedControlException e) {
      return;
    }
    requireSame(paragraphs, Deb822.all(text(paragraphs)), "rendered");
    requireSame(paragraphs, read(Deb822.of(new Trickle(input))), "byte by byte");
    // A name cannot begin with #, so what is no comment for machines is none for people either.
    requireSame(
        paragraphs, read(Deb822.withComments(new ByteArrayInputStream(input))), "with comments");
  }

  private static List<Paragraph> read(Deb822 reader) throws IOException {
    List<Paragraph> paragraphs = new ArrayList<>();
    for (Paragraph p = reader.next(); p != null; p = reader.next()) {
      if (reader.start() >= reader.end() || reader.line() < 1) {
        throw new AssertionError("a paragraph of nothing");
      }
      paragraphs.add(p);
    }
    return paragraphs;
  }

  private static byte[] text(List<Paragraph> paragraphs) {
    StringBuilder text = new StringBuilder();
    for (Paragraph paragraph : paragraphs) {
      for (Map.Entry<String, String> field : paragraph.fields().entrySet()) {
        text.append(field.getKey()).append(':').append(field.getValue()).append('\n');
      }
      text.append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void requireSame(List<Paragraph> expected, List<Paragraph> actual, String how) {
    // The fields' order counts as well, which equality of maps does not see.
    if (!expected.toString().equals(actual.toString()) || !expected.equals(actual)) {
      throw new AssertionError("%s: %s is not %s".formatted(how, actual, expected));
    }
  }

  /** Gives at most one byte at a time. */
  private static final class Trickle extends ByteArrayInputStream {
    Trickle(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] buffer, int offset, int length) {
      return super.read(buffer, offset, Math.min(length, 1));
    }
  }
}
