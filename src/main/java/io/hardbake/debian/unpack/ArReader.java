package io.hardbake.debian.unpack;

import io.hardbake.io.BulkInputStream;
import io.hardbake.io.tar.MalformedArchiveException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ar archive that a {@code .deb} is: members one after the other, without symbol table or long
 * names.
 *
 * @see <a href="https://manpages.debian.org/bookworm/dpkg-dev/deb.5.en.html">deb(5)</a>
 */
final class ArReader {
  private static final byte[] MAGIC = "!<arch>\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 60;

  // spotless:off
  private static final List<Field> HEADER = List.of(
      new Field(0, 16, "([!-.0-~]+)/? *"),  // ar_name, GNU ar ends it with a slash
      new Field(16, 28, "([0-9]+) *"),      // ar_date, decimal seconds
      new Field(28, 34, "([0-9]+) *"),      // ar_uid, decimal
      new Field(34, 40, "([0-9]+) *"),      // ar_gid, decimal
      new Field(40, 48, "([0-7]+) *"),      // ar_mode, octal
      new Field(48, 58, "([0-9]+) *"),      // ar_size, decimal
      new Field(58, 60, "(`\n)"));          // ar_fmag
  // spotless:on

  private final InputStream in;
  private Body body = new Body(0);
  private boolean padded;

  ArReader(InputStream in) throws IOException {
    this.in = in;
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw new MalformedArchiveException("not a Debian package: it does not begin with !<arch>");
    }
  }

  /** The next member's name; empty at the end. The member before has to have been read whole. */
  Optional<String> next() throws IOException {
    if (body.left > 0) {
      throw new MalformedArchiveException(body.left + " bytes are left over in an ar member");
    }
    if (padded && in.read() != '\n') {
      throw new MalformedArchiveException("an ar member of odd size is not padded by a newline");
    }
    byte[] header = in.readNBytes(HEADER_BYTES);
    if (header.length == 0) {
      return Optional.empty();
    }
    if (header.length < HEADER_BYTES) {
      throw new MalformedArchiveException("trailing bytes that are no ar header");
    }
    String text = new String(header, StandardCharsets.ISO_8859_1);
    List<String> fields = new ArrayList<>();
    for (Field field : HEADER) {
      fields.add(field.of(text));
    }
    long size = Long.parseLong(fields.get(5));
    body = new Body(size);
    padded = size % 2 == 1;
    return Optional.of(fields.get(0));
  }

  /** The bytes of the current member; closing it closes nothing. */
  InputStream body() {
    return body;
  }

  /**
   * A field of fixed width. Each is matched alone: one pattern for all of a header would try every
   * way to divide sixty digits, which takes seconds.
   */
  private record Field(int begin, int end, Pattern pattern) {
    Field(int begin, int end, String pattern) {
      this(begin, end, Pattern.compile(pattern));
    }

    String of(String header) throws MalformedArchiveException {
      Matcher value = pattern.matcher(header).region(begin, end);
      if (!value.matches()) {
        throw new MalformedArchiveException("malformed ar header");
      }
      return value.group(1);
    }
  }

  private final class Body extends BulkInputStream {
    private long left;

    Body(long size) {
      this.left = size;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left == 0 || length == 0) {
        return left == 0 ? -1 : 0;
      }
      int n = in.read(buffer, offset, (int) Math.min(left, length));
      if (n < 0) {
        throw new MalformedArchiveException(
            "truncated: " + left + " bytes of a member are missing");
      }
      left -= n;
      return n;
    }
  }
}
