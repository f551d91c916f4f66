package io.hardbake.disk.grub;

import io.hardbake.failure.IntegrityException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which modules a module needs, as GRUB's {@code moddep.lst} says it: {@code name: dependency …}, a
 * line a module.
 */
record ModuleOrder(Map<String, List<String>> dependencies) {
  static ModuleOrder parse(String moddep) throws IntegrityException {
    Map<String, List<String>> dependencies = new TreeMap<>();
    for (String line : moddep.lines().toList()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw GrubFiles.unusable("a line of moddep.lst names no module: " + line);
      }
      String rest = line.substring(colon + 1).strip();
      dependencies.put(
          line.substring(0, colon), rest.isEmpty() ? List.of() : List.of(rest.split(" +", -1)));
    }
    return new ModuleOrder(dependencies);
  }

  /**
   * The modules and all that they need, each after what it needs: GRUB links them one after the
   * other while it starts, and stops at a symbol that no earlier module has. Among the many such
   * orders this is the one of grub-mkimage, which walks each line from its end.
   */
  List<String> closure(List<String> wanted) throws IntegrityException {
    LinkedHashSet<String> ordered = new LinkedHashSet<>();
    for (String module : wanted) {
      visit(module, new LinkedHashSet<>(), ordered);
    }
    return List.copyOf(ordered);
  }

  private void visit(String module, LinkedHashSet<String> path, LinkedHashSet<String> ordered)
      throws IntegrityException {
    if (ordered.contains(module)) {
      return;
    }
    List<String> needed = dependencies.get(module);
    if (needed == null) {
      throw GrubFiles.unusable("there is no module " + module);
    }
    if (!path.add(module)) {
      throw GrubFiles.unusable("modules need each other: " + path);
    }
    for (int i = needed.size() - 1; i >= 0; i--) {
      visit(needed.get(i), path, ordered);
    }
    path.remove(module);
    ordered.add(module);
  }
}
