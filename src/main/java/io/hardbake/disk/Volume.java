package io.hardbake.disk;

import io.hardbake.disk.Segment.Memory;
import io.hardbake.disk.Segment.Stored;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The bytes of a disk or of a part of it, as a plan: segments in order of their offsets that do not
 * overlap. Whatever no segment covers is zero.
 *
 * @param size of the whole, holes counted
 */
public record Volume(Size size, List<Segment> segments) {
  public Volume {
    segments = List.copyOf(segments);
    long end = 0;
    for (Segment segment : segments) {
      if (segment.offset() < end) {
        throw new IllegalArgumentException(
            "a segment at %d overlaps the one that ends at %d".formatted(segment.offset(), end));
      }
      end = segment.end();
    }
    if (end > size.bytes()) {
      throw new IllegalArgumentException(
          "segments end at %d, the volume at %d".formatted(end, size.bytes()));
    }
  }

  /** The bytes that segments cover. */
  public Size used() {
    return new Size(segments.stream().mapToLong(segment -> segment.body().length()).sum());
  }

  /** The bytes of a range that segments cover. */
  public Size used(long offset, long length) {
    long end = Math.addExact(offset, length);
    long used = 0;
    for (int i = firstEndingAfter(offset); i < segments.size(); i++) {
      Segment segment = segments.get(i);
      used += Math.max(0, Math.min(end, segment.end()) - Math.max(offset, segment.offset()));
      if (segment.end() >= end) {
        break;
      }
    }
    return new Size(used);
  }

  /** Whether no segment touches these bytes, so that they are zero without being read. */
  public boolean isHole(long offset, long length) {
    int index = firstEndingAfter(offset);
    return index == segments.size() || segments.get(index).offset() >= offset + length;
  }

  /**
   * The first byte from {@code offset} on that a segment covers; the volume's size if none does.
   */
  public long nextCovered(long offset) {
    int index = firstEndingAfter(offset);
    return index == segments.size() ? size.bytes() : Math.max(offset, segments.get(index).offset());
  }

  /**
   * A digest that the bytes of a range follow from, without reading any file: equal identities,
   * equal bytes. Equal bytes that are put together in another way have another identity.
   */
  public Sha256 identity(long offset, long length) {
    long end = Math.addExact(offset, length);
    MessageDigest digest = Sha256.newDigest();
    ByteBuffer numbers = ByteBuffer.allocate(3 * Long.BYTES);
    for (int i = firstEndingAfter(offset); i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (segment.offset() >= end) {
        break;
      }
      long from = Math.max(offset, segment.offset());
      long count = Math.min(end, segment.end()) - from;
      long skipped = from - segment.offset();
      numbers.clear().putLong(from - offset).putLong(count);
      if (segment.body() instanceof Memory memory) {
        digest.update(numbers.putLong(-1).flip());
        digest.update(
            memory.bytes(), Math.toIntExact(memory.from() + skipped), Math.toIntExact(count));
      } else {
        Stored stored = (Stored) segment.body();
        digest.update(numbers.putLong(stored.origin().at() + skipped).flip());
        digest.update(stored.origin().whole().hex().getBytes(StandardCharsets.US_ASCII));
      }
    }
    digest.update(numbers.clear().putLong(length).flip());
    return Sha256.of(digest);
  }

  /** The index of the first segment that ends after {@code offset}; their number if none does. */
  int firstEndingAfter(long offset) {
    int low = 0;
    int high = segments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (segments.get(middle).end() > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Reads the volume; each thread needs a reader of its own. */
  public VolumeReader reader() {
    return new VolumeReader(this);
  }

  public static Builder builder(Size size) {
    return new Builder(size);
  }

  /** Collects segments in any order. */
  public static final class Builder {
    private final Size size;
    private final List<Segment> segments = new ArrayList<>();

    private Builder(Size size) {
      this.size = size;
    }

    public Builder add(Segment segment) {
      segments.add(segment);
      return this;
    }

    public Builder add(long offset, byte[] bytes) {
      return add(Segment.of(offset, bytes));
    }

    /** Another volume as a part of this one, such as a file system in its partition. */
    public Builder add(long offset, Volume part) {
      if (Math.addExact(offset, part.size().bytes()) > size.bytes()) {
        throw new IllegalArgumentException(
            "%s at %d do not fit into %s".formatted(part.size(), offset, size));
      }
      part.segments().forEach(segment -> segments.add(segment.shifted(offset)));
      return this;
    }

    /** Parts of a file that follow each other there as here become one segment: one read. */
    public Volume build() {
      Collections.sort(segments);
      List<Segment> joined = new ArrayList<>();
      for (int first = 0, next; first < segments.size(); first = next) {
        next = first + 1;
        while (next < segments.size() && segments.get(next - 1).goesOnIn(segments.get(next))) {
          next++;
        }
        Segment begin = segments.get(first);
        joined.add(next == first + 1 ? begin : begin.upTo(segments.get(next - 1)));
      }
      return new Volume(size, joined);
    }
  }
}
