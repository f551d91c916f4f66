package io.hardbake.sbom;

import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The licences that a package's {@code copyright} file names, where it has the form that machines
 * can read; in free text they are not searched for. The form is read leniently: people write these
 * files, and what is not understood is left out.
 *
 * @see <a href="https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/">DEP-5</a>
 */
final class Copyright {
  private Copyright() {}

  /** The short names of all licences, as the file spells them; none where it is free text. */
  static SortedSet<String> licences(String text) {
    SortedSet<String> licences = new TreeSet<>();
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !isMachineReadable(lines.get(0))) {
      return licences;
    }
    // A paragraph that only gives a licence's text is named by others, or concerns nothing here.
    boolean concernsFiles = true;
    for (String line : lines) {
      String field = line.toLowerCase(Locale.ROOT);
      if (line.isBlank()) {
        concernsFiles = false;
      } else if (field.startsWith("files:")) {
        concernsFiles = true;
      } else if (field.startsWith("license:") && concernsFiles) {
        String name = line.substring("license:".length()).strip().replaceAll("\\s+", " ");
        if (!name.isEmpty()) {
          licences.add(name);
        }
      }
    }
    return licences;
  }

  private static boolean isMachineReadable(String first) {
    String line = first.toLowerCase(Locale.ROOT);
    return line.startsWith("format:")
        && (line.contains("copyright-format") || line.contains("dep5"));
  }
}
