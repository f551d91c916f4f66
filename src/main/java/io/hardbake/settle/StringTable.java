package io.hardbake.settle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Strings ended by NUL, each stored once and a string that ends another stored within it: in the
 * order, and so with the bytes, of glibc's elf/stringtable.c.
 */
final class StringTable {
  private final Map<String, Integer> offsets = new HashMap<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  StringTable(Collection<String> strings) {
    List<byte[]> sorted = new ArrayList<>();
    for (String string : strings.stream().distinct().toList()) {
      sorted.add(string.getBytes(StandardCharsets.UTF_8));
    }
    sorted.sort(StringTable::compareBackwards);
    byte[] before = new byte[0];
    int offset = 0;
    for (byte[] string : sorted) {
      boolean first = offsets.isEmpty();
      int shared = before.length - string.length;
      if (!first && shared >= 0 && endsWith(before, string)) {
        offset += shared;
      } else {
        offset = bytes.size();
        bytes.writeBytes(string);
        bytes.write(0);
      }
      offsets.put(new String(string, StandardCharsets.UTF_8), offset);
      before = string;
    }
  }

  /** Where a string of the table begins. */
  int offset(String string) {
    Integer offset = offsets.get(string);
    if (offset == null) {
      throw new IllegalArgumentException("not in the table: " + string);
    }
    return offset;
  }

  byte[] toArray() {
    return bytes.toByteArray();
  }

  private static boolean endsWith(byte[] whole, byte[] end) {
    return Arrays.equals(whole, whole.length - end.length, whole.length, end, 0, end.length);
  }

  /**
   * By the last byte, the last but one, …, the higher first; of two with the same end the longer.
   */
  private static int compareBackwards(byte[] a, byte[] b) {
    for (int i = 1; i <= Math.min(a.length, b.length); i++) {
      int difference = (b[b.length - i] & 0xff) - (a[a.length - i] & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return b.length - a.length;
  }
}
