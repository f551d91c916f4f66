package io.hardbake.disk;

import io.hardbake.io.Sha256;
import io.hardbake.tree.Content;
import io.hardbake.tree.FileSlice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Bytes at a place of a volume. They lie in memory or in a file, so they can be read from any
 * position.
 *
 * @param offset the first byte's position in the volume
 */
public record Segment(long offset, Body body) implements Comparable<Segment> {
  public Segment {
    if (offset < 0 || body.length() < 1) {
      throw new IllegalArgumentException(body.length() + " bytes at " + offset);
    }
    Math.addExact(offset, body.length());
  }

  /** Bytes in memory; the array must not change any more. */
  public static Segment of(long offset, byte[] bytes) {
    return new Segment(offset, new Memory(bytes, 0, bytes.length));
  }

  /**
   * A part of a file's body.
   *
   * @param from the part's first byte within the content
   */
  public static Segment of(long offset, Content content, long from, long length)
      throws IOException {
    if (from < 0 || length < 1 || Math.addExact(from, length) > content.size().bytes()) {
      throw new IllegalArgumentException(
          "%d bytes from %d of %d".formatted(length, from, content.size().bytes()));
    }
    if (content instanceof FileSlice slice) {
      return new Segment(
          offset,
          new Stored(
              slice.file(),
              Math.addExact(slice.offset(), from),
              length,
              new Origin(slice.sha256(), from)));
    }
    byte[] bytes = content.bytes();
    return new Segment(offset, new Memory(bytes, Math.toIntExact(from), Math.toIntExact(length)));
  }

  /**
   * A part of a file that nobody changes while the segment is in use.
   *
   * @param from the part's first byte within the file
   * @param identity a digest that all of the file's bytes follow from: of the bytes themselves or
   *     of what they were computed from
   */
  public static Segment of(long offset, Path file, long from, long length, Sha256 identity) {
    return new Segment(offset, new Stored(file, from, length, new Origin(identity, from)));
  }

  /** The position after the last byte. */
  public long end() {
    return offset + body.length();
  }

  /** The same bytes, further on. */
  Segment shifted(long by) {
    return new Segment(Math.addExact(offset, by), body);
  }

  /** Whether the other goes on where this one ends, in the volume and in the same file. */
  boolean goesOnIn(Segment other) {
    return other.offset == end()
        && body instanceof Stored mine
        && other.body instanceof Stored its
        && its.from == mine.from + mine.length
        && its.origin.at == mine.origin.at + mine.length
        && its.origin.whole.equals(mine.origin.whole)
        && its.file.equals(mine.file);
  }

  /** A segment of a file with all that {@linkplain #goesOnIn goes on} up to {@code last}. */
  Segment upTo(Segment last) {
    Stored mine = (Stored) body;
    return new Segment(offset, new Stored(mine.file, mine.from, last.end() - offset, mine.origin));
  }

  @Override
  public int compareTo(Segment other) {
    return Long.compare(offset, other.offset);
  }

  /** Where the bytes are. */
  public sealed interface Body {
    /** In bytes, at least one. */
    long length();
  }

  /** A part of an array that nobody changes. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity is right: one body, one array
  record Memory(byte[] bytes, int from, int size) implements Body {
    @Override
    public long length() {
      return size;
    }

    @Override
    public String toString() {
      return Arrays.hashCode(bytes) + "[" + from + "+" + size + "]";
    }
  }

  /** A part of a file of the store. */
  record Stored(Path file, long from, long length, Origin origin) implements Body {}

  /**
   * What stored bytes are, wherever they lie: equal origins, equal bytes.
   *
   * @param whole identifies what they are a part of
   * @param at their first byte within it
   */
  record Origin(Sha256 whole, long at) {}
}
