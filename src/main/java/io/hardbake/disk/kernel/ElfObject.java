package io.hardbake.disk.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sections of a 64-bit little-endian ELF file, as kernel modules are.
 *
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html">System V ABI,
 *     chapter 4</a>
 */
final class ElfObject {
  private static final int MAGIC = 0x464c457f; // 0x7f, "ELF"
  private static final int HEADER_BYTES = 64;
  private static final int SECTION_HEADER_BYTES = 64;
  private static final int SYMBOL_BYTES = 24;
  private static final int NO_BITS = 8;
  private static final int UNDEFINED = 0;

  private final ByteBuffer file;
  private final Map<String, Section> sections = new HashMap<>();

  private record Section(int offset, int size) {}

  /** Throws {@link IllegalArgumentException} where the bytes are no such file. */
  ElfObject(byte[] bytes) {
    file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      readSections();
    } catch (IndexOutOfBoundsException e) {
      throw damaged(e);
    }
  }

  private static IllegalArgumentException damaged(IndexOutOfBoundsException e) {
    return new IllegalArgumentException("an ELF file that is cut or damaged", e);
  }

  // spotless:off
  private void readSections() {
    if (file.capacity() < HEADER_BYTES
        || file.getInt(0x00) != MAGIC                            // 0x00  e_ident
        || file.getShort(0x04) != 0x0102) {                      // 0x04  EI_CLASS 2, EI_DATA 1
      throw new IllegalArgumentException("not a 64-bit little-endian ELF file");
    }
    long table = file.getLong(0x28);                             // 0x28  le64  e_shoff
    int count = Short.toUnsignedInt(file.getShort(0x3c));        // 0x3c  le16  e_shnum
    int nameTable = Short.toUnsignedInt(file.getShort(0x3e));    // 0x3e  le16  e_shstrndx
    int names = section(table, nameTable).offset;
    for (int i = 0; i < count; i++) {
      int at = offset(table + (long) i * SECTION_HEADER_BYTES);
      boolean inFile = file.getInt(at + 0x04) != NO_BITS;        // 0x04  le32  sh_type
      String name = string(names + file.getInt(at));             // 0x00  le32  sh_name
      if (inFile) {
        sections.putIfAbsent(name, section(table, i));
      }
    }
  }

  private Section section(long table, int index) {
    int at = offset(table + (long) index * SECTION_HEADER_BYTES);
    int from = offset(file.getLong(at + 0x18));                  // 0x18  le64  sh_offset
    long size = file.getLong(at + 0x20);                         // 0x20  le64  sh_size
    if (size < 0 || from + size > file.capacity()) {
      throw new IndexOutOfBoundsException(size);
    }
    return new Section(from, (int) size);
  }

  /**
   * The symbol table in its order ({@code Elf64_Sym}), symbols without a name left out; empty where
   * there is none.
   *
   * @throws IllegalArgumentException if a name lies outside of the file
   */
  List<Symbol> symbols() {
    try {
      return readSymbols();
    } catch (IndexOutOfBoundsException e) {
      throw damaged(e);
    }
  }

  private List<Symbol> readSymbols() {
    Section table = sections.get(".symtab");
    Section strings = sections.get(".strtab");
    List<Symbol> symbols = new ArrayList<>();
    if (table == null || strings == null) {
      return symbols;
    }
    for (int i = 1; i < table.size / SYMBOL_BYTES; i++) {        // the first is always empty
      int at = table.offset + i * SYMBOL_BYTES;
      int nameAt = file.getInt(at);                              // 0x00  le32  st_name
      boolean undefined = file.getShort(at + 0x06) == UNDEFINED; // 0x06  le16  st_shndx
      if (nameAt != 0) {
        symbols.add(new Symbol(string(strings.offset + nameAt), undefined));
      }
    }
    return symbols;
  }
  // spotless:on

  /**
   * A symbol.
   *
   * @param undefined whether the file expects it from elsewhere
   */
  record Symbol(String name, boolean undefined) {}

  /** The NUL-terminated strings of a section, empty ones left out; none where it is missing. */
  List<String> strings(String name) {
    Section section = sections.get(name);
    List<String> strings = new ArrayList<>();
    if (section == null) {
      return strings;
    }
    int at = section.offset;
    int end = section.offset + section.size;
    while (at < end) {
      int stop = at;
      while (stop < end && file.get(stop) != 0) {
        stop++;
      }
      if (stop > at) {
        strings.add(text(at, stop));
      }
      at = stop + 1;
    }
    return strings;
  }

  private static int offset(long value) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw new IndexOutOfBoundsException(value);
    }
    return (int) value;
  }

  private String string(int at) {
    int stop = at;
    while (file.get(stop) != 0) {
      stop++;
    }
    return text(at, stop);
  }

  private String text(int from, int to) {
    return new String(file.array(), from, to - from, StandardCharsets.UTF_8);
  }
}
