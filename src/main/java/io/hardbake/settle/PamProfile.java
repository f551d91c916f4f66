package io.hardbake.settle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of {@code /usr/share/pam-configs}, read as pam-auth-update's {@code parse_pam_profile}
 * reads it: fields, and modules one a line below theirs.
 */
record PamProfile(String name, Map<String, String> fields) {
  private static final Pattern FIELD = Pattern.compile("^(\\S+):\\s+(.*)$");
  private static final Pattern NUMBER = Pattern.compile("^\\s*([-+]?\\d{1,9})");
  private static final String INVALID_MODULE = "pam_tally";
  private static final List<String> VARIANTS = List.of("-Type", "", "-Initial");

  static PamProfile parse(String name, String text) {
    Map<String, String> fields = new TreeMap<>();
    String field = "";
    for (String line : text.lines().toList()) {
      // Perl matches with the newline on the line, so that a field may have no value.
      Matcher matcher = FIELD.matcher(line.endsWith(":") ? line + " " : line);
      if (matcher.matches()) {
        field = matcher.group(1).replaceFirst("-Final$", "");
        fields.put(field, matcher.group(2));
      } else if (!line.isBlank()) {
        String before = fields.getOrDefault(field, "");
        fields.put(field, (before + "\n" + line.strip()).replaceFirst("^\\s+", ""));
      }
    }
    if (!fields.containsKey("Session-Interactive-Only")) {
      for (String variant : VARIANTS) {
        String value = fields.get("Session" + variant);
        if (value != null) {
          fields.put("Session-noninteractive" + variant, value);
        }
      }
    }
    return new PamProfile(name, fields);
  }

  /** A profile with a module that PAM no longer has does not count. */
  boolean isUsable() {
    return fields.values().stream().noneMatch(value -> value.contains(INVALID_MODULE));
  }

  boolean isDefault() {
    return "yes".equals(fields.get("Default"));
  }

  int priority() {
    Matcher number = NUMBER.matcher(fields.getOrDefault("Priority", ""));
    return number.find() ? Integer.parseInt(number.group(1)) : 0;
  }

  boolean conflictsWith(PamProfile other) {
    return List.of(fields.getOrDefault("Conflicts", "").split(", ", -1)).contains(other.name);
  }

  /** {@code Primary}, {@code Additional}, or empty where the profile says nothing of this stack. */
  String blockOf(PamStack stack) {
    return fields.getOrDefault(stack.field() + "-Type", "");
  }

  /** The modules; the first profile of a block may have other options than those after it. */
  List<String> modules(PamStack stack, boolean first) {
    String initial = first ? fields.getOrDefault(stack.field() + "-Initial", "") : "";
    String value = initial.isEmpty() ? fields.getOrDefault(stack.field(), "") : initial;
    List<String> modules = new ArrayList<>(value.lines().toList());
    modules.removeIf(String::isEmpty);
    return modules;
  }
}
