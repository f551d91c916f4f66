package io.hardbake.debian;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * The text of an index, kept whole, with paragraphs cut out of it on demand. Debian's main index
 * has 60,000 paragraphs, of which a machine needs some hundreds: as objects all of them would take
 * ten times the text's memory.
 */
final class IndexText {
  private final byte[] bytes;
  private final Origin origin;

  /** {@code bytes} must not be changed any more. */
  IndexText(byte[] bytes, Origin origin) {
    this.bytes = bytes;
    this.origin = origin;
  }

  Origin origin() {
    return origin;
  }

  /** Where a paragraph stands: half open, in bytes. */
  record Slice(IndexText text, int start, int end, long line) {
    Paragraph paragraph() throws MalformedControlException {
      Deb822 reader =
          Deb822.of(new ByteArrayInputStream(text.bytes, start, Math.subtractExact(end, start)));
      try {
        Paragraph paragraph = reader.next();
        if (paragraph == null) {
          throw new IllegalStateException("no paragraph at byte " + start);
        }
        return paragraph;
      } catch (MalformedControlException e) {
        throw e;
      } catch (IOException e) {
        throw new IllegalStateException("memory cannot fail to be read", e);
      }
    }
  }

  /** Takes each paragraph and where it stands. */
  @FunctionalInterface
  interface Visitor {
    void visit(Paragraph paragraph, Slice slice) throws MalformedControlException;
  }

  /** Reads all of the text once; a complaint of the visitor gets the paragraph's line. */
  void forEach(Visitor visitor) throws MalformedControlException {
    Deb822 reader = Deb822.of(new ByteArrayInputStream(bytes));
    try {
      for (Paragraph p = reader.next(); p != null; p = reader.next()) {
        Slice slice =
            new Slice(
                this,
                Math.toIntExact(reader.start()),
                Math.toIntExact(reader.end()),
                reader.line());
        try {
          visitor.visit(p, slice);
        } catch (MalformedControlException e) {
          throw e.at(reader.line());
        }
      }
    } catch (MalformedControlException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be read", e);
    }
  }
}
