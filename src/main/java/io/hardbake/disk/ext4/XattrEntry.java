package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.u16;
import static io.hardbake.disk.ext4.Narrow.u32;
import static io.hardbake.disk.ext4.Narrow.u8;

import io.hardbake.io.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code struct ext4_xattr_entry}: 16 bytes and the name, little-endian, padded to 4 bytes; the
 * value is stored elsewhere. Sorted as the kernel sorts and looks up: by kind, then by length, then
 * by name.
 *
 * @param kind stands for the first part of the name
 * @param name the rest of it, in UTF-8
 * @param value as stored
 * @see <a href="https://docs.kernel.org/filesystems/ext4/attributes.html">ext4, Extended
 *     Attributes</a>
 */
record XattrEntry(int kind, Bytes name, Bytes value) implements Comparable<XattrEntry> {
  private static final int HEADER = 16;
  private static final int MAX_NAME = 255;

  private static final int ACL_ACCESS = 2;
  private static final int ACL_DEFAULT = 3;
  private static final String ACL_ACCESS_NAME = "system.posix_acl_access";
  private static final String ACL_DEFAULT_NAME = "system.posix_acl_default";

  /** What can be followed by a name. */
  private static final SortedMap<String, Integer> KINDS =
      new TreeMap<>(Map.of("user.", 1, "trusted.", 4, "security.", 6));

  private static final Comparator<XattrEntry> ORDER =
      Comparator.comparingInt(XattrEntry::kind)
          .thenComparingInt(entry -> entry.name.length())
          .thenComparing(entry -> entry.name.toString());

  /** The attribute as ext4 stores it; nothing if it cannot. */
  static Optional<XattrEntry> of(String name, Bytes value) {
    if (name.equals(ACL_ACCESS_NAME)) {
      return acl(ACL_ACCESS, value);
    }
    if (name.equals(ACL_DEFAULT_NAME)) {
      return acl(ACL_DEFAULT, value);
    }
    for (var kind : KINDS.entrySet()) {
      if (name.startsWith(kind.getKey())) {
        byte[] rest = name.substring(kind.getKey().length()).getBytes(StandardCharsets.UTF_8);
        return rest.length < 1 || rest.length > MAX_NAME
            ? Optional.empty()
            : Optional.of(new XattrEntry(kind.getValue(), Bytes.of(rest), value));
      }
    }
    return Optional.empty();
  }

  private static Optional<XattrEntry> acl(int kind, Bytes value) {
    return PosixAcl.stored(value)
        .map(stored -> new XattrEntry(kind, Bytes.of(new byte[0]), stored));
  }

  /** With the value. */
  int length() {
    return entryLength() + valueLength();
  }

  int entryLength() {
    return (HEADER + name.length() + 3) & ~3;
  }

  int valueLength() {
    return (value.length() + 3) & ~3;
  }

  /** By which the kernel finds blocks with equal attributes; over name and padded value. */
  int hash() {
    int hash = 0;
    for (byte b : name.toArray()) {
      hash = Integer.rotateLeft(hash, 5) ^ (b & 0xff);
    }
    ByteBuffer words =
        ByteBuffer.allocate(valueLength()).order(ByteOrder.LITTLE_ENDIAN).put(0, value.toArray());
    while (words.hasRemaining()) {
      hash = Integer.rotateLeft(hash, 16) ^ words.getInt();
    }
    return hash;
  }

  // spotless:off
  /**
   * Writes the entry without its value.
   *
   * @param valueAt where the value is, by the format's own origin
   */
  void writeAt(ByteBuffer out, int at, int valueAt, boolean hashed) {
    out.put(at + 0x0, u8(name.length()));                             // 0x0  u8    e_name_len
    out.put(at + 0x1, u8(kind));                                      // 0x1  u8    e_name_index
    out.putShort(at + 0x2, u16(value.length() == 0 ? 0 : valueAt));   // 0x2  le16  e_value_offs
    out.putInt(at + 0x4, 0);                                          // 0x4  le32  e_value_inum
    out.putInt(at + 0x8, u32(value.length()));                        // 0x8  le32  e_value_size
    out.putInt(at + 0xc, hashed ? hash() : 0);                        // 0xc  le32  e_hash
    out.put(at + HEADER, name.toArray());                             // 0x10       e_name
  }
  // spotless:on

  /**
   * The entry at a place; nothing if it does not lie between there and {@code end} with its value.
   *
   * @param origin from where its value is found
   */
  static Optional<XattrEntry> readAt(ByteBuffer in, int at, int origin, int end) {
    if (end - at < HEADER) {
      return Optional.empty();
    }
    int nameLength = Byte.toUnsignedInt(in.get(at + 0x0));
    int valueAt = Short.toUnsignedInt(in.getShort(at + 0x2)) + origin;
    int valueLength = in.getInt(at + 0x8);
    if (nameLength > end - at - HEADER
        || in.getInt(at + 0x4) != 0
        || valueLength < 0
        || valueLength > end
        || valueAt > end - valueLength) {
      return Optional.empty();
    }
    byte[] name = new byte[nameLength];
    in.get(at + HEADER, name);
    byte[] value = new byte[valueLength];
    in.get(valueAt, value);
    return Optional.of(
        new XattrEntry(Byte.toUnsignedInt(in.get(at + 0x1)), Bytes.of(name), Bytes.of(value)));
  }

  /** Whether the entry that was read at a place has its hash there, or none where it may. */
  boolean hashHolds(ByteBuffer in, int at, boolean hashed) {
    int there = in.getInt(at + 0xc);
    return there == hash() || (there == 0 && !hashed);
  }

  /** The attribute's name as programs see it; nothing if there is none such. */
  Optional<String> fullName() {
    if (kind == ACL_ACCESS || kind == ACL_DEFAULT) {
      return name.length() > 0
          ? Optional.empty()
          : Optional.of(kind == ACL_ACCESS ? ACL_ACCESS_NAME : ACL_DEFAULT_NAME);
    }
    return KINDS.entrySet().stream()
        .filter(each -> each.getValue() == kind && name.length() > 0)
        .findFirst()
        .flatMap(each -> Utf8.text(name.toArray()).map(rest -> each.getKey() + rest));
  }

  /** The value as programs see it; nothing if it is not one of its kind. */
  Optional<Bytes> seenValue() {
    return kind == ACL_ACCESS || kind == ACL_DEFAULT ? PosixAcl.seen(value) : Optional.of(value);
  }

  @Override
  public int compareTo(XattrEntry other) {
    return ORDER.compare(this, other);
  }
}
