package io.hardbake.disk.fat;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The 8.3 names of one directory's entries. A name that only has to be put in capitals keeps its
 * letters; others lose what does not fit and get {@code ~1}, {@code ~2} and so on.
 */
final class ShortNames {
  private static final String CHARACTERS = "A-Z0-9$%'\\-_@~`!(){}^#&";
  private static final Pattern EXACT =
      Pattern.compile("([%1$s]{1,8})(?:\\.([%1$s]{1,3}))?".formatted(CHARACTERS));
  private static final Pattern OTHER = Pattern.compile("[^%s]".formatted(CHARACTERS));
  private static final int BASE = 8;
  private static final int EXTENSION = 3;

  private ShortNames() {}

  /** Eleven characters for each name, no two alike. */
  static SortedMap<String, String> of(SortedSet<String> names) {
    SortedMap<String, String> shortNames = new TreeMap<>();
    Set<String> taken = new HashSet<>();
    for (String name : names) {
      var exact = EXACT.matcher(upper(name));
      if (exact.matches()) {
        String ending = exact.group(2);
        String padded = padded(exact.group(1), ending == null ? "" : ending);
        taken.add(padded);
        shortNames.put(name, padded);
      }
    }
    for (String name : names) {
      shortNames.computeIfAbsent(name, lossy -> numbered(lossy, taken));
    }
    return shortNames;
  }

  /** Whether the short name alone says it all, so that no long one is needed. */
  static boolean isExact(String name) {
    return EXACT.matcher(name).matches();
  }

  private static String numbered(String name, Set<String> taken) {
    String upper = upper(name).replace(" ", "").replaceAll("^\\.+", "");
    int dot = upper.lastIndexOf('.');
    String base = fitting(dot < 0 ? upper : upper.substring(0, dot).replace(".", ""), BASE);
    String ending = dot < 0 ? "" : fitting(upper.substring(dot + 1), EXTENSION);
    for (int i = 1; ; i++) {
      String tail = "~" + i;
      String head = base.substring(0, Math.min(base.length(), BASE - tail.length()));
      String candidate = padded(head + tail, ending);
      if (taken.add(candidate)) {
        return candidate;
      }
    }
  }

  private static String fitting(String text, int length) {
    String legal = OTHER.matcher(text).replaceAll("_");
    return legal.substring(0, Math.min(legal.length(), length));
  }

  private static String padded(String base, String ending) {
    return String.format("%-8s%-3s", base, ending);
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }
}
