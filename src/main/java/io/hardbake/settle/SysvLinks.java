package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The links that {@code update-rc.d NAME defaults} makes from an init script's LSB header where
 * insserv is not installed: all start at 01 and stop at 01. systemd heeds them only for scripts
 * without a native unit.
 */
final class SysvLinks {
  private static final String DEFAULT = "^#\\s*Default-%s:(.*)$";

  private SysvLinks() {}

  static void add(String name, TreeEditor editor) {
    String header = Texts.required(editor.tree(), AbsolutePath.of("/etc/init.d/" + name));
    for (String level : levels(header, "Start")) {
      editor.link(AbsolutePath.of("/etc/rc" + level + ".d/S01" + name), "../init.d/" + name);
    }
    for (String level : levels(header, "Stop")) {
      editor.link(AbsolutePath.of("/etc/rc" + level + ".d/K01" + name), "../init.d/" + name);
    }
  }

  private static List<String> levels(String header, String which) {
    Matcher line = Pattern.compile(DEFAULT.formatted(which), Pattern.MULTILINE).matcher(header);
    return line.find() && !line.group(1).isBlank()
        ? List.of(line.group(1).strip().split("\\s+"))
        : List.of();
  }
}
