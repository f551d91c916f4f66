package io.hardbake.settle;

import io.hardbake.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A preinst or postinst, taken apart: what debhelper added, section by section, and what a person
 * wrote.
 *
 * @param name {@code preinst} or {@code postinst}
 * @param sections debhelper's additions, in order
 * @param handWritten the rest as written
 * @param normalised the rest as {@link #hash} takes it
 */
record MaintainerScript(
    String name, List<Section> sections, String handWritten, String normalised) {

  /**
   * What stands between {@code # Automatically added by TOOL} and {@code # End automatically added
   * section}.
   */
  record Section(String tool, String body) {}

  private static final Pattern SECTION =
      Pattern.compile(
          "^# Automatically added by (\\S+)\n(.*?)^# End automatically added section$",
          Pattern.MULTILINE | Pattern.DOTALL);

  /** Lines that do nothing by themselves. */
  private static final Set<String> IDLE = Set.of("set -e", "set -eu", "exit 0", ":");

  MaintainerScript {
    sections = List.copyOf(sections);
  }

  /**
   * Takes a script apart.
   *
   * @param body the script's bytes; it may even be a program
   * @param version of the package, which scripts quote
   * @param triplet of the architecture, which scripts quote
   */
  static MaintainerScript parse(String name, byte[] body, String version, String triplet) {
    // Every byte is a character in Latin-1, so whatever the script holds reaches the hash.
    Matcher matcher = SECTION.matcher(new String(body, StandardCharsets.ISO_8859_1));
    List<Section> sections = new ArrayList<>();
    StringBuilder rest = new StringBuilder();
    while (matcher.find()) {
      sections.add(new Section(matcher.group(1), matcher.group(2)));
      matcher.appendReplacement(rest, "");
    }
    matcher.appendTail(rest);
    String handWritten = rest.toString();
    return new MaintainerScript(
        name, sections, handWritten, normalise(handWritten, version, triplet));
  }

  private static String normalise(String text, String version, String triplet) {
    StringBuilder out = new StringBuilder(text.length());
    for (String line : text.split("\n", -1)) {
      String kept = line.stripTrailing();
      if (!kept.isEmpty()) {
        out.append(kept).append('\n');
      }
    }
    return out.toString().replace(version, "@VERSION@").replace(triplet, "@TRIPLET@");
  }

  /** Whether debhelper wrote all of it: nothing is left but comments and lines without effect. */
  boolean isGenerated() {
    return normalised
        .lines()
        .map(String::strip)
        .allMatch(line -> line.startsWith("#") || IDLE.contains(line));
  }

  /**
   * The SHA-256 of the hand-written part: debhelper's sections taken out, trailing white space and
   * empty lines dropped, and the package's own version and the multiarch triplet replaced by
   * {@code @VERSION@} and {@code @TRIPLET@}. Indentation and comments count, for they may stand in
   * a here-document.
   */
  Sha256 hash() {
    return Sha256.of(normalised.getBytes(StandardCharsets.ISO_8859_1));
  }
}
