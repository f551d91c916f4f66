package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.u16;
import static io.hardbake.disk.ext4.Narrow.u32;
import static io.hardbake.disk.ext4.Narrow.u8;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * {@code struct ext4_dir_entry_2}: 8 bytes and the name, little-endian, padded to 4 bytes.
 *
 * @see <a href="https://docs.kernel.org/filesystems/ext4/directory.html">ext4, Directory
 *     Entries</a>
 */
final class DirectoryEntry {
  static final int MAX_NAME = 255;
  private static final int HEADER = 8;

  private final int inode;
  private final Type type;
  private final byte[] name;

  /** What the entry says of the inode, so that readdir need not read it. */
  enum Type {
    REGULAR_FILE(1),
    DIRECTORY(2),
    CHARACTER_DEVICE(3),
    BLOCK_DEVICE(4),
    FIFO(5),
    SYMBOLIC_LINK(7);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    /** The one for an inode's type. */
    static Type of(int typeBits) {
      return switch (typeBits) {
        case Inode.DIRECTORY -> DIRECTORY;
        case Inode.SYMBOLIC_LINK -> SYMBOLIC_LINK;
        case Inode.CHARACTER_DEVICE -> CHARACTER_DEVICE;
        case Inode.BLOCK_DEVICE -> BLOCK_DEVICE;
        case Inode.FIFO -> FIFO;
        default -> REGULAR_FILE;
      };
    }
  }

  DirectoryEntry(int inode, Type type, String name) {
    this.inode = inode;
    this.type = type;
    this.name = name.getBytes(StandardCharsets.UTF_8);
    if (this.name.length < 1 || this.name.length > MAX_NAME) {
      throw new IllegalArgumentException("a name of " + this.name.length + " bytes");
    }
  }

  private DirectoryEntry(int inode, Type type, byte[] name) {
    this.inode = inode;
    this.type = type;
    this.name = name;
  }

  /**
   * The entry at a place; nothing if it is none, or does not lie there before {@code end}. One
   * without a name is a gap.
   */
  static Optional<DirectoryEntry> readAt(ByteBuffer block, int at, int end) {
    if (end - at < HEADER) {
      return Optional.empty();
    }
    int inode = block.getInt(at + 0x0);
    int length = lengthAt(block, at);
    int nameLength = Byte.toUnsignedInt(block.get(at + 0x6));
    if (length % 4 != 0 || length < HEADER + nameLength || length > end - at) {
      return Optional.empty();
    }
    if (inode == 0) {
      return Optional.of(new DirectoryEntry(0, Type.REGULAR_FILE, new byte[0]));
    }
    byte[] name = new byte[nameLength];
    block.get(at + HEADER, name);
    int code = block.get(at + 0x7);
    return nameLength == 0
        ? Optional.empty()
        : Arrays.stream(Type.values())
            .filter(type -> type.code == code)
            .findFirst()
            .map(type -> new DirectoryEntry(inode, type, name));
  }

  /** The bytes that an entry takes, up to the next one. */
  static int lengthAt(ByteBuffer block, int at) {
    return Short.toUnsignedInt(block.getShort(at + 0x4));
  }

  /** Whether a place looks like {@link #writeHeader} with these left it. */
  static boolean isHeader(ByteBuffer block, int at, int length, int type) {
    return block.getInt(at) == 0
        && lengthAt(block, at) == length
        && block.get(at + 0x6) == 0
        && block.get(at + 0x7) == (byte) type;
  }

  boolean isGap() {
    return name.length == 0;
  }

  int inode() {
    return inode;
  }

  Type type() {
    return type;
  }

  /** The name, if it is one that a path can have. */
  Optional<String> name() {
    return Utf8.text(name).filter(text -> text.indexOf('/') < 0 && text.indexOf('\0') < 0);
  }

  long hash(DirectoryHash hash) {
    return hash.of(name);
  }

  /** The bytes that it needs. */
  int length() {
    return (HEADER + name.length + 3) & ~3;
  }

  /**
   * Writes the entry where a block has room for it.
   *
   * @param length the bytes that it takes, up to the next entry
   */
  void writeAt(ByteBuffer block, int at, int length) {
    writeHeader(block, at, inode, length, name.length, type.code);
    block.put(at + HEADER, name);
  }

  // spotless:off
  /** An entry's first eight bytes; without an inode, they are a gap. */
  static void writeHeader(ByteBuffer block, int at, int inode, int length, int name, int type) {
    block.putInt(at + 0x0, u32(inode));       // 0x0  le32  inode
    block.putShort(at + 0x4, u16(length));    // 0x4  le16  rec_len
    block.put(at + 0x6, u8(name));            // 0x6  u8    name_len
    block.put(at + 0x7, u8(type));            // 0x7  u8    file_type
  }
  // spotless:on
}
