package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.settle.Conffiles.Conffile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A package's paragraph in {@code /var/lib/dpkg/status}: its control file with dpkg's order of
 * fields, and two fields of dpkg's own.
 */
final class StatusParagraph {
  /** The order of {@code fieldinfos} in dpkg's lib/dpkg/parse.c; other fields follow as written. */
  private static final List<String> ORDER =
      List.of(
          "Package",
          "Essential",
          "Protected",
          "Status",
          "Priority",
          "Section",
          "Installed-Size",
          "Origin",
          "Maintainer",
          "Bugs",
          "Architecture",
          "Multi-Arch",
          "Source",
          "Version",
          "Config-Version",
          "Replaces",
          "Provides",
          "Depends",
          "Pre-Depends",
          "Recommends",
          "Suggests",
          "Breaks",
          "Conflicts",
          "Enhances",
          "Conffiles",
          "Description");

  private static final Map<String, String> SPELLING =
      ORDER.stream()
          .collect(Collectors.toMap(f -> f.toLowerCase(Locale.ROOT), Function.identity()));

  private StatusParagraph() {}

  static String of(UnpackedPackage one, boolean configured, BodyFacts facts) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    one.control()
        .fields()
        .forEach((k, v) -> fields.put(SPELLING.getOrDefault(k.toLowerCase(Locale.ROOT), k), v));
    fields.put("Status", "install ok " + (configured ? "installed" : "unpacked"));
    StringBuilder conffiles = new StringBuilder();
    for (Conffile each : Conffiles.all(one)) {
      String digest =
          configured && !each.removed() ? Conffiles.digest(one, each.path(), facts) : "newconffile";
      conffiles.append("\n ").append(each.path()).append(' ').append(digest);
      if (each.removed()) {
        conffiles.append(" remove-on-upgrade");
      }
    }
    if (!conffiles.isEmpty()) {
      fields.put("Conffiles", conffiles.toString());
    }
    StringBuilder text = new StringBuilder();
    for (String field : ORDER) {
      String value = fields.remove(field);
      if (value != null) {
        append(field, value, text);
      }
    }
    fields.forEach((field, value) -> append(field, value, text));
    return text.append('\n').toString();
  }

  private static void append(String field, String value, StringBuilder text) {
    // A value that begins on the next line has no space behind the colon.
    text.append(field).append(value.startsWith("\n") ? ":" : ": ").append(value).append('\n');
  }
}
