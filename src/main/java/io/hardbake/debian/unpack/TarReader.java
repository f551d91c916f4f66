package io.hardbake.debian.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar member by member: ustar, GNU long names, pax headers. Written here, and not taken
 * from a library, because extended attributes have to stay bytes, nothing may be guessed, and
 * memory has to stay bounded whatever a header claims.
 *
 * <p>Device nodes, FIFOs, sparse files and unknown types are refused; so are an archive that ends
 * without its block of zeros and anything but zeros after it.
 */
public final class TarReader {
  private final InputStream in;
  private Body body = new Body(0);

  /** {@code in} is decompressed already; it is not closed. */
  public TarReader(InputStream in) {
    this.in = in;
  }

  /** The next member; empty at the end. What is left of the body before is passed over. */
  public Optional<TarHeader> next() throws IOException {
    PaxRecords pax = PaxRecords.none();
    String longName = null;
    String longLink = null;
    while (true) {
      body.finish();
      byte[] block = readFully(TarFields.BYTES);
      if (TarFields.isZero(block)) {
        if (!pax.isEmpty() || longName != null || longLink != null) {
          throw new MalformedArchiveException("the tar ends after an extended header");
        }
        requireZeros();
        return Optional.empty();
      }
      TarFields fields = new TarFields(block);
      switch (fields.type()) {
        case 'L' -> longName = once(longName, longText(fields));
        case 'K' -> longLink = once(longLink, longText(fields));
        case 'x' -> {
          if (!pax.isEmpty()) {
            throw new MalformedArchiveException("two pax headers for one member");
          }
          pax = PaxRecords.parse(extension(fields));
        }
        case 'g' -> {
          if (!PaxRecords.parse(extension(fields)).isEmpty()) {
            throw new MalformedArchiveException("a global pax header that says more than remarks");
          }
        }
        default -> {
          return Optional.of(member(fields, pax, longName, longLink));
        }
      }
    }
  }

  /** The current member's bytes; closing it closes nothing. */
  public InputStream body() {
    return body;
  }

  private TarHeader member(
      TarFields fields, PaxRecords pax, @Nullable String longName, @Nullable String longLink)
      throws IOException {
    String name = first(pax.path(), longName, fields.fullName());
    String target = first(pax.linkTarget(), longLink, fields.linkTarget());
    long size = pax.size().orElse(fields.size());
    long mtime = pax.mtime().orElse(fields.mtime());
    TarHeader.Type type = type(fields.type(), name);
    boolean link = type == TarHeader.Type.SYMLINK || type == TarHeader.Type.HARD_LINK;
    if (type != TarHeader.Type.FILE && size != 0) {
      throw new MalformedArchiveException(name + " is no regular file, yet has a size");
    }
    if (link == target.isEmpty()) {
      throw new MalformedArchiveException(
          name + (link ? " is a link without target" : " is no link, yet has a target"));
    }
    body = new Body(size);
    return new TarHeader(
        name,
        type,
        fields.mode(),
        pax.uid().orElse(fields.uid()),
        pax.gid().orElse(fields.gid()),
        mtime,
        size,
        target,
        pax.xattrs());
  }

  private static TarHeader.Type type(char flag, String name) throws MalformedArchiveException {
    return switch (flag) {
      case '0', '\0' -> TarHeader.Type.FILE;
      case '1' -> TarHeader.Type.HARD_LINK;
      case '2' -> TarHeader.Type.SYMLINK;
      case '5' -> TarHeader.Type.DIRECTORY;
      case '3', '4' -> throw new MalformedArchiveException(name + " is a device node");
      case '6' -> throw new MalformedArchiveException(name + " is a FIFO");
      case 'S' -> throw new MalformedArchiveException(name + " is a sparse file");
      default ->
          throw new MalformedArchiveException(
              name + " has the unknown type 0x" + Integer.toHexString(flag));
    };
  }

  private static String first(@Nullable String pax, @Nullable String gnu, String field) {
    if (pax != null) {
      return pax;
    }
    return gnu != null ? gnu : field;
  }

  private static String once(@Nullable String before, String now) throws MalformedArchiveException {
    if (before != null) {
      throw new MalformedArchiveException("two long names for one member");
    }
    return now;
  }

  /** GNU tar ends a long name with NUL; others fill the block with them. */
  private String longText(TarFields fields) throws IOException {
    byte[] text = extension(fields);
    int length = text.length;
    while (length > 0 && text[length - 1] == 0) {
      length--;
    }
    return TarFields.utf8(text, 0, length);
  }

  private byte[] extension(TarFields fields) throws IOException {
    long size = fields.size();
    if (size > Limits.HEADER.bytes()) {
      throw new MalformedArchiveException("an extended header is larger than " + Limits.HEADER);
    }
    byte[] content = readFully((int) size);
    readFully(padding(size));
    return content;
  }

  private byte[] readFully(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new MalformedArchiveException("the tar is truncated");
    }
    return bytes;
  }

  private void requireZeros() throws IOException {
    byte[] buffer = new byte[1 << 14];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      if (!TarFields.isZero(n == buffer.length ? buffer : Arrays.copyOf(buffer, n))) {
        throw new MalformedArchiveException("trailing bytes after the end of the tar");
      }
    }
  }

  private static int padding(long size) {
    return (int) ((TarFields.BYTES - size % TarFields.BYTES) % TarFields.BYTES);
  }

  private final class Body extends InputStream {
    private final int padding;
    private long left;
    private boolean finished;

    Body(long size) {
      this.left = size;
      this.padding = TarReader.padding(size);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0 || length == 0) {
        return left == 0 ? -1 : 0;
      }
      int n = in.read(buffer, offset, (int) Math.min(left, length));
      if (n < 0) {
        throw new MalformedArchiveException("the tar is truncated");
      }
      left -= n;
      return n;
    }

    void finish() throws IOException {
      if (!finished) {
        transferTo(OutputStream.nullOutputStream());
        readFully(padding);
        finished = true;
      }
    }
  }
}
