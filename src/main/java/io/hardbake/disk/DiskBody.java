package io.hardbake.disk;

import io.hardbake.io.BulkInputStream;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Where the body of a file lies on a disk. Its digest is not known before it was read: {@link
 * BodyDigests}.
 *
 * @param runs in the file's order; together as long as the body, or longer by less than a block
 */
public record DiskBody(ReadableDisk disk, Size size, List<Run> runs) {
  public DiskBody {
    runs = List.copyOf(runs);
  }

  /**
   * Bytes in a row.
   *
   * @param at their first one's place on the disk, or {@link #HOLE} for zeros that are nowhere
   */
  public record Run(long at, long length) {
    public static final long HOLE = -1;
  }

  /** Where the body begins; bodies are read fastest in this order. */
  long begin() {
    return runs.isEmpty() ? 0 : runs.get(0).at();
  }

  /** The body from its beginning. */
  InputStream open() {
    return new Reader(this);
  }

  /** The body as a file of a tree has it. */
  Content content(Sha256 sha256) {
    return new Known(this, sha256);
  }

  private record Known(DiskBody body, Sha256 sha256) implements Content {
    @Override
    public Size size() {
      return body.size;
    }

    @Override
    public InputStream open() {
      return body.open();
    }
  }

  private static final class Reader extends BulkInputStream {
    private final DiskBody body;
    private int run;
    private long inRun;
    private long left;

    Reader(DiskBody body) {
      this.body = body;
      this.left = body.size.bytes();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0 || length == 0) {
        return left == 0 ? -1 : 0;
      }
      if (run == body.runs.size()) {
        throw new DamagedDiskException("a file is longer than what it has on the disk");
      }
      Run current = body.runs.get(run);
      int wanted = (int) Math.min(Math.min(length, left), current.length - inRun);
      if (current.at == Run.HOLE) {
        Arrays.fill(buffer, offset, offset + wanted, (byte) 0);
      } else {
        body.disk.read(current.at + inRun, ByteBuffer.wrap(buffer, offset, wanted));
      }
      inRun += wanted;
      left -= wanted;
      if (inRun == current.length) {
        run++;
        inRun = 0;
      }
      return wanted;
    }
  }
}
