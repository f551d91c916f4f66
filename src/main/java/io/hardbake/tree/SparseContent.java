package io.hardbake.tree;

import io.hardbake.io.BulkInputStream;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A body with holes: parts at their offsets, and between them zeros that nobody stores. A file
 * system need not store them either.
 *
 * @param parts by offset; none is empty, none overlaps the next or reaches beyond the size
 */
public record SparseContent(Size size, Sha256 sha256, NavigableMap<Long, Content> parts)
    implements Content {
  public SparseContent {
    parts = Collections.unmodifiableNavigableMap(new TreeMap<>(parts));
    long end = 0;
    for (Map.Entry<Long, Content> part : parts.entrySet()) {
      long length = part.getValue().size().bytes();
      if (part.getKey() < end || length == 0) {
        throw new IllegalArgumentException(length + " bytes at " + part.getKey());
      }
      end = Math.addExact(part.getKey(), length);
    }
    if (end > size.bytes()) {
      throw new IllegalArgumentException("parts to " + end + " of " + size.bytes());
    }
  }

  @Override
  public InputStream open() {
    return new Body(this);
  }

  private static final class Body extends BulkInputStream {
    private final SparseContent content;
    private InputStream part = InputStream.nullInputStream();
    private long at;

    Body(SparseContent content) {
      this.content = content;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (at == content.size.bytes() || length == 0) {
        return at == content.size.bytes() ? -1 : 0;
      }
      Content starting = content.parts.get(at);
      if (starting != null) {
        part.close();
        part = starting.open();
      }
      int n = part.read(buffer, offset, length);
      if (n < 0) {
        Long next = content.parts.higherKey(at);
        long end = next == null ? content.size.bytes() : next;
        n = (int) Math.min(length, end - at);
        Arrays.fill(buffer, offset, offset + n, (byte) 0);
      }
      at += n;
      return n;
    }

    @Override
    public void close() throws IOException {
      part.close();
    }
  }
}
