package io.hardbake.io.tar;

import io.hardbake.io.BulkInputStream;
import io.hardbake.io.Size;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar member by member: ustar, GNU long names, pax headers. Written here, and not taken
 * from a library, because extended attributes have to stay bytes, nothing may be guessed, and
 * memory has to stay bounded whatever a header claims.
 *
 * <p>Sparse files and unknown types are refused; so are an archive that ends without its block of
 * zeros and anything but zeros after it.
 */
public final class TarReader {
  /** A long name or a pax header: they are held in memory. */
  private static final Size HEADER_LIMIT = Size.mib(1);

  private final InputStream in;
  private Body body = new Body(0);
  private long position;

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

  /**
   * How many bytes of the tar were read: once a member was found, and before its body is read, the
   * place of the body's first byte.
   */
  public long position() {
    return position;
  }

  /** The current member's bytes; closing it closes nothing. */
  public InputStream body() {
    return body;
  }

  private TarHeader member(
      TarFields fields, PaxRecords pax, @Nullable String longName, @Nullable String longLink)
      throws IOException {
    String name = first(pax.path(), longName, fields::fullName);
    String target = first(pax.linkTarget(), longLink, fields::linkTarget);
    long size = pax.size().orElse(fields.size());
    long mtime = pax.mtime().orElse(fields.mtime());
    char type = type(fields.type(), name);
    boolean link = type == TarHeader.SYMLINK || type == TarHeader.HARD_LINK;
    boolean device = type == TarHeader.CHARACTER_DEVICE || type == TarHeader.BLOCK_DEVICE;
    if (type != TarHeader.FILE && size != 0) {
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
        size,
        mtime,
        target,
        device ? fields.major() : 0,
        device ? fields.minor() : 0,
        pax.xattrs());
  }

  private static char type(char flag, String name) throws MalformedArchiveException {
    return switch (flag) {
      case '\0' -> TarHeader.FILE; // as before POSIX
      case TarHeader.FILE,
          TarHeader.HARD_LINK,
          TarHeader.SYMLINK,
          TarHeader.CHARACTER_DEVICE,
          TarHeader.BLOCK_DEVICE,
          TarHeader.DIRECTORY,
          TarHeader.FIFO ->
          flag;
      case 'S' -> throw new MalformedArchiveException(name + " is a sparse file");
      default ->
          throw new MalformedArchiveException(
              name + " has the unknown type 0x" + Integer.toHexString(flag));
    };
  }

  /** A field of the header block. */
  @FunctionalInterface
  private interface Field {
    String text() throws MalformedArchiveException;
  }

  /**
   * Reads the field only where nothing else says it: beside a longer name it has that one's first
   * 100 bytes, which may end within a character.
   */
  private static String first(@Nullable String pax, @Nullable String gnu, Field field)
      throws MalformedArchiveException {
    if (pax != null) {
      return pax;
    }
    return gnu != null ? gnu : field.text();
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
    if (size > HEADER_LIMIT.bytes()) {
      throw new MalformedArchiveException("an extended header is larger than " + HEADER_LIMIT);
    }
    byte[] content = readFully((int) size);
    readFully(padding(size));
    return content;
  }

  private byte[] readFully(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    position += bytes.length;
    if (bytes.length < length) {
      throw new MalformedArchiveException("the tar is truncated");
    }
    return bytes;
  }

  private void requireZeros() throws IOException {
    byte[] buffer = new byte[1 << 14];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      position += n;
      if (!TarFields.isZero(n == buffer.length ? buffer : Arrays.copyOf(buffer, n))) {
        throw new TrailingBytesException(position - n);
      }
    }
  }

  private static int padding(long size) {
    return (int) ((TarFields.BYTES - size % TarFields.BYTES) % TarFields.BYTES);
  }

  /** All members were read, and then more than zeros came. */
  public static final class TrailingBytesException extends MalformedArchiveException {
    TrailingBytesException(long position) {
      super("trailing bytes after the end of the tar, within 16 KiB of byte " + position);
    }
  }

  private final class Body extends BulkInputStream {
    private final int padding;
    private long left;
    private boolean finished;

    Body(long size) {
      this.left = size;
      this.padding = TarReader.padding(size);
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
      position += n;
      return n;
    }

    /** Skips where the stream below can, which need not read the bytes then. */
    void finish() throws IOException {
      if (!finished) {
        try {
          in.skipNBytes(left);
        } catch (EOFException e) {
          throw new MalformedArchiveException("the tar is truncated", e);
        }
        position += left;
        left = 0;
        readFully(padding);
        finished = true;
      }
    }
  }
}
