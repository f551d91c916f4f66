package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The links that enable units, and the state files by which {@code deb-systemd-helper} remembers
 * that it made them: {@code UNIT.dsh-also} lists the links, an empty file beside stands for each.
 */
final class UnitEnablement {
  private static final AbsolutePath LINKS = AbsolutePath.of("/etc/systemd/system");
  private static final AbsolutePath STATE =
      AbsolutePath.of("/var/lib/systemd/deb-systemd-helper-enabled");

  /** A link below {@link #LINKS}, by its relative path, and the unit that it leads to. */
  private record UnitLink(String relative, String target) {}

  private final TreeEditor editor;

  UnitEnablement(TreeEditor editor) {
    this.editor = editor;
  }

  /** {@code systemctl enable}: the links, without Debian's state files. */
  void enable(String unit) {
    for (UnitLink link : links(unit, new HashSet<>())) {
      editor.link(absolute(LINKS, link.relative()), link.target());
    }
  }

  /**
   * {@code deb-systemd-helper enable} on a first installation: the links, unless a preset objects.
   */
  void helperEnable(String unit) {
    helperUpdateState(unit);
    boolean wanted = Presets.of(editor.tree()).enable(unit);
    for (UnitLink link : links(unit, new HashSet<>())) {
      if (wanted) {
        editor.link(absolute(LINKS, link.relative()), link.target());
      }
      editor.write(absolute(STATE, link.relative()), "");
    }
  }

  /** {@code deb-systemd-helper update-state}: the list of links, none of them made. */
  void helperUpdateState(String unit) {
    String list =
        links(unit, new HashSet<>()).stream()
            .map(link -> absolute(LINKS, link.relative()) + "\n")
            .collect(Collectors.joining());
    editor.write(STATE.child(unit + ".dsh-also"), list);
  }

  private static AbsolutePath absolute(AbsolutePath directory, String relative) {
    return AbsolutePath.of(directory + "/" + relative);
  }

  /** All links of a unit and of those enabled along, in deb-systemd-helper's order. */
  private List<UnitLink> links(String unit, Set<String> visited) {
    visited.add(unit);
    UnitFile file = UnitFile.of(unit, editor.tree());
    List<UnitLink> links = new ArrayList<>();
    for (String other : file.also()) {
      if (visited.add(other)) {
        links.addAll(links(other, visited));
      }
    }
    for (String alias : file.aliases()) {
      if (!alias.equals(unit)) {
        links.add(new UnitLink(alias, file.path()));
      }
    }
    String instance = instance(unit, file);
    for (String directory : file.wants()) {
      links.add(new UnitLink(directory + "/" + instance, file.path()));
    }
    return links;
  }

  private static String instance(String unit, UnitFile file) {
    return unit.contains("@.")
        ? file.defaultInstance().map(name -> unit.replace("@.", "@" + name + ".")).orElse(unit)
        : unit;
  }
}
