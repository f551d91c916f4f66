package io.hardbake.disk.ext4;

import static io.hardbake.disk.ext4.Narrow.u16;
import static io.hardbake.disk.ext4.Narrow.u32;
import static io.hardbake.disk.ext4.Narrow.u8;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

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
  }

  DirectoryEntry(int inode, Type type, String name) {
    this.inode = inode;
    this.type = type;
    this.name = name.getBytes(StandardCharsets.UTF_8);
    if (this.name.length < 1 || this.name.length > MAX_NAME) {
      throw new IllegalArgumentException("a name of " + this.name.length + " bytes");
    }
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
