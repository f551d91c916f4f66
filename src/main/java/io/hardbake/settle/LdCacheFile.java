package io.hardbake.settle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The format of {@code /etc/ld.so.cache} since glibc 2.33, {@code struct cache_file_new} of
 * sysdeps/generic/dl-cache.h, little-endian:
 *
 * <pre>
 *   header · entries · strings · padding to 4 · extension directory · hwcaps names · generator
 * </pre>
 */
final class LdCacheFile {
  private static final byte[] MAGIC = "glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 48;
  private static final int ENTRY_BYTES = 24;
  private static final byte LITTLE_ENDIAN = 2;
  private static final int EXTENSION_MAGIC = 0xeaa42174;
  private static final int SECTION_BYTES = 16;
  private static final int GENERATOR = 0;
  private static final int GLIBC_HWCAPS = 1;

  /** {@code DL_CACHE_HWCAP_EXTENSION}; the bits below are an index into the hwcaps names. */
  private static final long HWCAPS_INDEX = 1L << 62;

  private LdCacheFile() {}

  /**
   * Encodes the cache.
   *
   * @param generator what ldconfig says of itself, for instance {@code ldconfig (Debian GLIBC
   *     2.36-9) stable release version 2.36}
   */
  static byte[] encode(List<LdCacheEntry> unsorted, String generator) {
    List<LdCacheEntry> entries = new ArrayList<>(unsorted);
    entries.sort(LdCacheEntry.ORDER);
    List<String> hwcaps =
        List.copyOf(
            new TreeSet<>(entries.stream().flatMap(entry -> entry.hwcaps().stream()).toList()));
    StringTable strings = strings(entries, hwcaps);
    int stringsAt = HEADER_BYTES + ENTRY_BYTES * entries.size();
    byte[] stringBytes = strings.toArray();
    int extensionsAt = (stringsAt + stringBytes.length + 3) / 4 * 4;
    byte[] extensions = extensions(extensionsAt, stringsAt, hwcaps, strings, generator);

    ByteBuffer out =
        ByteBuffer.allocate(extensionsAt + extensions.length).order(ByteOrder.LITTLE_ENDIAN);
    // spotless:off
    out.put(MAGIC)                    //  0  20    magic, version
        .putInt(entries.size())       // 20  le32  nlibs
        .putInt(stringBytes.length)   // 24  le32  len_strings
        .put(LITTLE_ENDIAN)           // 28  u8    flags
        .put(new byte[3])             // 29  3     padding_unused
        .putInt(extensionsAt)         // 32  le32  extension_offset
        .put(new byte[12]);           // 36  12    unused
    for (LdCacheEntry entry : entries) {
      out.putInt(entry.flags())                                   //  0  le32  flags
          .putInt(stringsAt + strings.offset(entry.soname()))     //  4  le32  key
          .putInt(stringsAt + strings.offset(entry.path()))       //  8  le32  value
          .putInt(0)                                              // 12  le32  osversion_unused
          .putLong(hwcap(entry, hwcaps));                         // 16  le64  hwcap
    }
    // spotless:on
    out.put(stringBytes).position(extensionsAt).put(extensions);
    return out.array();
  }

  private static StringTable strings(List<LdCacheEntry> entries, List<String> hwcaps) {
    List<String> strings = new ArrayList<>(hwcaps);
    for (LdCacheEntry entry : entries) {
      strings.add(entry.soname());
      strings.add(entry.path());
    }
    return new StringTable(strings);
  }

  private static long hwcap(LdCacheEntry entry, List<String> hwcaps) {
    return entry.hwcaps().map(name -> HWCAPS_INDEX | hwcaps.indexOf(name)).orElse(0L);
  }

  /** {@code struct cache_extension} and the sections that it lists; the second is optional. */
  private static byte[] extensions(
      int at, int stringsAt, List<String> hwcaps, StringTable strings, String generator) {
    byte[] generatorBytes = generator.getBytes(StandardCharsets.UTF_8);
    int sections = hwcaps.isEmpty() ? 1 : 2;
    int hwcapsAt = at + 8 + SECTION_BYTES * sections;
    int hwcapsBytes = 4 * hwcaps.size();
    ByteBuffer out =
        ByteBuffer.allocate(hwcapsAt - at + hwcapsBytes + generatorBytes.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(EXTENSION_MAGIC).putInt(sections);
    putSection(out, GENERATOR, hwcapsAt + hwcapsBytes, generatorBytes.length);
    if (!hwcaps.isEmpty()) {
      putSection(out, GLIBC_HWCAPS, hwcapsAt, hwcapsBytes);
    }
    for (String name : hwcaps) {
      out.putInt(stringsAt + strings.offset(name));
    }
    return out.put(generatorBytes).array();
  }

  private static void putSection(ByteBuffer out, int tag, int offset, int size) {
    out.putInt(tag).putInt(0).putInt(offset).putInt(size); // tag, flags, offset, size
  }
}
