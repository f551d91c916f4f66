package io.hardbake.settle;

import io.hardbake.tree.Content;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What ldconfig wants to know of an ELF shared object: its machine and its {@code DT_SONAME}. Only
 * 64-bit little-endian objects are read, as amd64 and arm64 have them. A few hundred bytes of each
 * file are looked at.
 *
 * @param soname empty where the library has none
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html">System V ABI,
 *     chapters 4 and 5</a>
 */
record SharedLibrary(int machine, Optional<String> soname) {
  private static final int MAGIC = 0x7f454c46;
  private static final int CLASS_64 = 2;
  private static final int LITTLE_ENDIAN = 1;
  private static final int ET_DYN = 3;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final long DT_NULL = 0;
  private static final long DT_STRTAB = 5;
  private static final long DT_SONAME = 14;

  private static final int HEADER_BYTES = 64;
  private static final int SEGMENT_BYTES = 56;
  private static final int DYNAMIC_BYTES = 16;
  private static final int MOST_DYNAMIC_BYTES = 1 << 20;
  private static final int MOST_SONAME_BYTES = 4096;

  /** Empty for what is no 64-bit shared object with a dynamic section, or is a damaged one. */
  static Optional<SharedLibrary> read(Content content) throws IOException {
    if (content.size().bytes() < HEADER_BYTES) {
      return Optional.empty();
    }
    ByteBuffer header = at(content, 0, HEADER_BYTES);
    if (header.order(ByteOrder.BIG_ENDIAN).getInt(0) != MAGIC
        || header.get(4) != CLASS_64
        || header.get(5) != LITTLE_ENDIAN) {
      return Optional.empty();
    }
    try {
      return read(content, header.order(ByteOrder.LITTLE_ENDIAN));
    } catch (EOFException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  // spotless:off
  private static Optional<SharedLibrary> read(Content content, ByteBuffer header) throws IOException {
                                                             // off   type   field of Elf64_Ehdr
    int type = Short.toUnsignedInt(header.getShort(0x10));     // 0x10  half   e_type
    int machine = Short.toUnsignedInt(header.getShort(0x12));  // 0x12  half   e_machine
    long segmentsAt = header.getLong(0x20);                    // 0x20  off    e_phoff
    int entry = Short.toUnsignedInt(header.getShort(0x36));    // 0x36  half   e_phentsize
    int count = Short.toUnsignedInt(header.getShort(0x38));    // 0x38  half   e_phnum
    // spotless:on
    if (type != ET_DYN || entry != SEGMENT_BYTES) {
      return Optional.empty();
    }
    ByteBuffer segments = at(content, segmentsAt, count * SEGMENT_BYTES);
    Optional<ByteBuffer> dynamic = dynamic(content, segments);
    if (dynamic.isEmpty()) {
      return Optional.empty();
    }
    Optional<Long> strings = value(dynamic.get(), DT_STRTAB);
    if (strings.isEmpty()) {
      return Optional.empty();
    }
    Optional<Long> soname = value(dynamic.get(), DT_SONAME);
    if (soname.isEmpty()) {
      return Optional.of(new SharedLibrary(machine, Optional.empty()));
    }
    long stringsAt = fileOffset(segments, strings.get());
    return Optional.of(
        new SharedLibrary(machine, Optional.of(text(content, stringsAt + soname.get()))));
  }

  // spotless:off
  private static Optional<ByteBuffer> dynamic(Content content, ByteBuffer segments) throws IOException {
    for (int s = 0; s < segments.limit(); s += SEGMENT_BYTES) {  // off   type   field of Elf64_Phdr
      int type = segments.getInt(s);                             // 0x00  word   p_type
      long offset = segments.getLong(s + 0x08);                  // 0x08  off    p_offset
      long size = segments.getLong(s + 0x20);                    // 0x20  xword  p_filesz
      // spotless:on
      if (type == PT_DYNAMIC && size > 0 && size <= MOST_DYNAMIC_BYTES) {
        return Optional.of(at(content, offset, (int) size));
      }
    }
    return Optional.empty();
  }

  /** The value of the first entry with this tag. */
  private static Optional<Long> value(ByteBuffer dynamic, long tag) {
    for (int at = 0; at + DYNAMIC_BYTES <= dynamic.limit(); at += DYNAMIC_BYTES) {
      long found = dynamic.getLong(at);
      if (found == tag) {
        return Optional.of(dynamic.getLong(at + 8));
      }
      if (found == DT_NULL) {
        break;
      }
    }
    return Optional.empty();
  }

  /** Dynamic entries hold addresses; a segment says where in the file an address lies. */
  private static long fileOffset(ByteBuffer segments, long address) {
    for (int s = 0; s < segments.limit(); s += SEGMENT_BYTES) {
      long offset = segments.getLong(s + 0x08);
      long start = segments.getLong(s + 0x10);
      long size = segments.getLong(s + 0x20);
      if (segments.getInt(s) == PT_LOAD && address >= start && address - start < size) {
        return address - start + offset;
      }
    }
    return address;
  }

  private static String text(Content content, long at) throws IOException {
    long left = Math.min(content.size().bytes() - at, MOST_SONAME_BYTES);
    byte[] bytes = bytes(content, at, (int) Math.max(0, left));
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return new String(bytes, 0, i, StandardCharsets.UTF_8);
      }
    }
    throw new EOFException("a string without end");
  }

  private static ByteBuffer at(Content content, long offset, int length) throws IOException {
    return ByteBuffer.wrap(bytes(content, offset, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] bytes(Content content, long offset, int length) throws IOException {
    if (offset < 0 || offset > content.size().bytes() - length) {
      throw new EOFException("beyond the end of the file");
    }
    try (InputStream in = content.open()) {
      in.skipNBytes(offset);
      return in.readNBytes(length);
    }
  }
}
