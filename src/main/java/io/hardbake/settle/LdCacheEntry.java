package io.hardbake.settle;

import java.util.Comparator;
import java.util.Optional;

/**
 * One library of the cache.
 *
 * @param hwcaps the subdirectory of {@code glibc-hwcaps} that it lies in, such as {@code x86-64-v3}
 */
record LdCacheEntry(String soname, String path, int flags, Optional<String> hwcaps) {

  /**
   * The loader searches by halving, so the order is part of the format: elf/cache.c, {@code
   * compare}. Entries that compare equal stay in the order of their directories.
   */
  static final Comparator<LdCacheEntry> ORDER =
      Comparator.comparing(LdCacheEntry::soname, LdCacheEntry::compareNames)
          .thenComparingInt(LdCacheEntry::flags)
          .reversed()
          .thenComparing(entry -> entry.hwcaps().isEmpty())
          .thenComparing(entry -> entry.hwcaps().orElse(""));

  /** {@code _dl_cache_libcmp}: runs of digits count as numbers, and any number above a letter. */
  static int compareNames(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length()) {
      boolean digitA = isDigit(a, i);
      boolean digitB = isDigit(b, j);
      if (digitA && digitB) {
        int endA = endOfDigits(a, i);
        int endB = endOfDigits(b, j);
        int difference = Long.compare(number(a, i, endA), number(b, j, endB));
        if (difference != 0) {
          return difference;
        }
        i = endA;
        j = endB;
      } else if (digitA || digitB) {
        return digitA ? 1 : -1;
      } else {
        int difference = a.charAt(i) - (j < b.length() ? b.charAt(j) : 0);
        if (difference != 0) {
          return difference;
        }
        i++;
        j++;
      }
    }
    return j < b.length() ? -1 : 0;
  }

  private static boolean isDigit(String text, int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static int endOfDigits(String text, int at) {
    int end = at;
    while (isDigit(text, end)) {
      end++;
    }
    return end;
  }

  /** Dates such as 20220623 fit; what is longer than 18 digits names no library. */
  private static long number(String text, int from, int to) {
    return Long.parseLong(text, from, Math.min(to, from + 18), 10);
  }
}
