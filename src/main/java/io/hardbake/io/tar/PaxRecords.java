package io.hardbake.io.tar;

import io.hardbake.io.Bytes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The records of one pax extended header, {@code "length key=value\n"} each. Values stay bytes: an
 * extended attribute is binary. A key that could change what is unpacked and that hardbake does not
 * know is refused.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">pax, Extended
 *     Header</a>
 */
final class PaxRecords {
  private static final String XATTR = "SCHILY.xattr.";
  private static final Set<String> USED = Set.of("path", "linkpath", "size", "uid", "gid", "mtime");

  /** Names beside the numeric owners, times that no image keeps, and remarks. */
  private static final Set<String> IGNORED =
      Set.of("atime", "ctime", "uname", "gname", "comment", "LIBARCHIVE.creationtime");

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
  private static final Pattern TIME = Pattern.compile("[0-9]{1,18}(\\.[0-9]{0,18})?");

  private final Map<String, byte[]> records = new HashMap<>();

  static PaxRecords none() {
    return new PaxRecords();
  }

  static PaxRecords parse(byte[] header) throws MalformedArchiveException {
    PaxRecords parsed = new PaxRecords();
    for (int at = 0; at < header.length; ) {
      int space = at;
      while (space < header.length && space < at + 8 && header[space] != ' ') {
        space++;
      }
      String digits = new String(header, at, space - at, StandardCharsets.ISO_8859_1);
      if (!DIGITS.matcher(digits).matches() || space == header.length || header[space] != ' ') {
        throw malformed("a record without length");
      }
      int end = at + Integer.parseInt(digits);
      if (end > header.length || end <= space + 1 || header[end - 1] != '\n') {
        throw malformed("a record of the wrong length");
      }
      parsed.add(header, space + 1, end - 1);
      at = end;
    }
    return parsed;
  }

  private void add(byte[] header, int from, int to) throws MalformedArchiveException {
    int equals = from;
    while (equals < to && header[equals] != '=') {
      equals++;
    }
    if (equals == to || equals == from) {
      throw malformed("a record without key");
    }
    String key = TarFields.utf8(header, from, equals - from);
    boolean xattr = key.startsWith(XATTR) && key.length() > XATTR.length();
    if (IGNORED.contains(key)) {
      return;
    }
    if (!USED.contains(key) && !xattr) {
      throw malformed("the key " + key + " is unknown");
    }
    if (xattr && key.indexOf('\0') >= 0) {
      throw malformed("an attribute's name holds NUL");
    }
    if (records.put(key, Arrays.copyOfRange(header, equals + 1, to)) != null) {
      throw malformed("the key " + key + " stands twice");
    }
  }

  boolean isEmpty() {
    return records.isEmpty();
  }

  @Nullable String path() throws MalformedArchiveException {
    return text("path");
  }

  @Nullable String linkTarget() throws MalformedArchiveException {
    return text("linkpath");
  }

  OptionalLong size() throws MalformedArchiveException {
    return number("size");
  }

  OptionalInt uid() throws MalformedArchiveException {
    return owner("uid");
  }

  OptionalInt gid() throws MalformedArchiveException {
    return owner("gid");
  }

  /** Whole seconds; a fraction is cut off. */
  OptionalLong mtime() throws MalformedArchiveException {
    String value = text("mtime");
    if (value == null) {
      return OptionalLong.empty();
    }
    if (!TIME.matcher(value).matches()) {
      throw malformed("mtime is no time: " + value);
    }
    return OptionalLong.of(new BigDecimal(value).setScale(0, RoundingMode.FLOOR).longValueExact());
  }

  SortedMap<String, Bytes> xattrs() {
    SortedMap<String, Bytes> xattrs = new TreeMap<>();
    records.forEach(
        (key, value) -> {
          if (key.startsWith(XATTR)) {
            xattrs.put(key.substring(XATTR.length()), Bytes.of(value));
          }
        });
    return xattrs;
  }

  private @Nullable String text(String key) throws MalformedArchiveException {
    byte[] value = records.get(key);
    if (value == null) {
      return null;
    }
    return TarFields.utf8(value, 0, value.length);
  }

  private OptionalLong number(String key) throws MalformedArchiveException {
    String value = text(key);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (!DIGITS.matcher(value).matches()) {
      throw malformed(key + " is no number: " + value);
    }
    return OptionalLong.of(Long.parseLong(value));
  }

  private OptionalInt owner(String key) throws MalformedArchiveException {
    OptionalLong number = number(key);
    if (number.isEmpty()) {
      return OptionalInt.empty();
    }
    if (number.getAsLong() > Integer.MAX_VALUE) {
      throw malformed(key + " is too large: " + number.getAsLong());
    }
    return OptionalInt.of((int) number.getAsLong());
  }

  private static MalformedArchiveException malformed(String problem) {
    return new MalformedArchiveException("pax header: " + problem);
  }
}
