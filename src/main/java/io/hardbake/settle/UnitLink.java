package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.FileTree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A link by which systemd knows that a unit is enabled.
 *
 * @param path below {@code /etc/systemd/system}
 * @param target the file of the unit that it leads to
 */
public record UnitLink(AbsolutePath path, String target) {
  static final AbsolutePath DIRECTORY = AbsolutePath.of("/etc/systemd/system");

  /** Where {@code deb-systemd-helper} remembers what it enabled. */
  static final AbsolutePath STATE = AbsolutePath.of("/var/lib/systemd/deb-systemd-helper-enabled");

  /**
   * The links that {@code systemctl enable} makes for a unit and for those enabled along, in
   * deb-systemd-helper's order. None, if it has no {@code [Install]} section; empty, if the tree
   * has no such unit.
   */
  public static Optional<List<UnitLink>> of(String unit, FileTree.Builder tree) {
    return UnitFile.find(unit, tree).map(file -> links(unit, file, tree, new HashSet<>()));
  }

  /**
   * The file that names a unit's links. A package's postinst enables the unit if there is none, or
   * if there are all links that it names.
   */
  public static AbsolutePath stateFile(String unit) {
    return STATE.child(unit + ".dsh-also");
  }

  /** What stands in that file. */
  public static String state(List<UnitLink> links) {
    return links.stream().map(link -> link.path() + "\n").collect(Collectors.joining());
  }

  private static List<UnitLink> links(
      String unit, UnitFile file, FileTree.Builder tree, Set<String> visited) {
    visited.add(unit);
    List<UnitLink> links = new ArrayList<>();
    for (String other : file.also()) {
      if (visited.add(other)) {
        UnitFile.find(other, tree)
            .ifPresent(found -> links.addAll(links(other, found, tree, visited)));
      }
    }
    for (String alias : file.aliases()) {
      if (!alias.equals(unit)) {
        links.add(new UnitLink(DIRECTORY.child(alias), file.path()));
      }
    }
    String instance = instance(unit, file);
    for (String directory : file.wants()) {
      links.add(new UnitLink(DIRECTORY.child(directory).child(instance), file.path()));
    }
    return links;
  }

  private static String instance(String unit, UnitFile file) {
    return unit.contains("@.")
        ? file.defaultInstance().map(name -> unit.replace("@.", "@" + name + ".")).orElse(unit)
        : unit;
  }

  /** Whether it has a unit that is no template want a template, which is no unit. */
  public boolean startsNothing() {
    String target = path.parent().name();
    return path.name().contains("@.")
        && (target.endsWith(".wants") || target.endsWith(".requires"))
        && !target.contains("@.");
  }

  /** The path below the directory of links: {@code multi-user.target.wants/nginx.service}. */
  String relative() {
    return path.value().substring(DIRECTORY.value().length() + 1);
  }
}
