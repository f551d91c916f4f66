package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * update-shells(8): {@code /etc/shells} from the packages' lists, each shell under its own name and
 * under its real one.
 */
final class Shells {
  private static final AbsolutePath TEMPLATE = AbsolutePath.of("/usr/share/debianutils/shells");
  private static final AbsolutePath LISTS = AbsolutePath.of("/usr/share/debianutils/shells.d");

  private Shells() {}

  static void update(TreeEditor editor) {
    String template = Texts.required(editor.tree(), TEMPLATE);
    Set<String> shells = new LinkedHashSet<>();
    collect(template, editor, shells);
    editor
        .tree()
        .children(LISTS)
        .keySet()
        .forEach(
            list -> Texts.in(editor.tree(), list).ifPresent(text -> collect(text, editor, shells)));
    StringBuilder etc = new StringBuilder(template);
    Set<String> listed = new LinkedHashSet<>(template.lines().toList());
    StringBuilder state = new StringBuilder();
    for (String shell : shells) {
      state.append(shell).append('\n');
      if (!listed.contains(shell)) {
        etc.append(shell).append('\n');
      }
    }
    editor.write(AbsolutePath.of("/etc/shells"), etc.toString());
    editor.write(AbsolutePath.of("/var/lib/shells.state"), state.toString());
  }

  private static void collect(String text, TreeEditor editor, Set<String> shells) {
    for (String line : text.lines().toList()) {
      String shell = line.replaceFirst("#.*", "");
      if (!shell.isEmpty()) {
        AbsolutePath path = AbsolutePath.of(shell);
        Optional<AbsolutePath> directory = editor.tree().resolve(path.parent());
        shells.add(shell);
        directory.ifPresent(real -> shells.add(real.child(path.name()).value()));
      }
    }
  }
}
