package io.hardbake.debian.unpack;

import io.hardbake.io.tar.MalformedArchiveException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
  private static final Pattern HEADER = Pattern.compile(
      "([!-.0-~]{1,16})/? *"           //  0  16  ar_name, GNU ar ends it with a slash
      + "([0-9]+) *"                   // 16  12  ar_date, decimal seconds
      + "([0-9]+) *"                   // 28   6  ar_uid, decimal
      + "([0-9]+) *"                   // 34   6  ar_gid, decimal
      + "([0-7]+) *"                   // 40   8  ar_mode, octal
      + "([0-9]+) *"                   // 48  10  ar_size, decimal
      + "`\n");                        // 58   2  ar_fmag
  private static final int[] FIELD_ENDS = {16, 28, 34, 40, 48, 58};
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
    Matcher fields = HEADER.matcher(new String(header, StandardCharsets.ISO_8859_1));
    if (!fields.matches()) {
      throw new MalformedArchiveException("malformed ar header");
    }
    for (int i = 0; i < FIELD_ENDS.length; i++) {
      int start = i == 0 ? 0 : FIELD_ENDS[i - 1];
      if (fields.start(i + 1) != start || fields.end(i + 1) > FIELD_ENDS[i]) {
        throw new MalformedArchiveException("malformed ar header");
      }
    }
    long size = Long.parseLong(fields.group(6));
    body = new Body(size);
    padded = size % 2 == 1;
    return Optional.of(fields.group(1));
  }

  /** The bytes of the current member; closing it closes nothing. */
  InputStream body() {
    return body;
  }

  private final class Body extends InputStream {
    private long left;

    Body(long size) {
      this.left = size;
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
        throw new MalformedArchiveException(
            "truncated: " + left + " bytes of a member are missing");
      }
      left -= n;
      return n;
    }
  }
}
