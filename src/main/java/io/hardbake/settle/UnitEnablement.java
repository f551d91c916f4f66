package io.hardbake.settle;

import io.hardbake.tree.AbsolutePath;
import java.util.List;

/**
 * The links that enable units, and the state files by which {@code deb-systemd-helper} remembers
 * that it made them: {@code UNIT.dsh-also} lists the links, an empty file beside stands for each.
 */
final class UnitEnablement {
  private final TreeEditor editor;

  UnitEnablement(TreeEditor editor) {
    this.editor = editor;
  }

  /** {@code systemctl enable}: the links, without Debian's state files. */
  void enable(String unit) {
    for (UnitLink link : links(unit)) {
      editor.link(link.path(), link.target());
    }
  }

  /**
   * {@code deb-systemd-helper enable} on a first installation: the links, unless a preset objects.
   */
  void helperEnable(String unit) {
    helperUpdateState(unit);
    boolean wanted = Presets.of(editor.tree()).enable(unit);
    for (UnitLink link : links(unit)) {
      if (wanted) {
        editor.link(link.path(), link.target());
      }
      editor.write(AbsolutePath.of(UnitLink.STATE + "/" + link.relative()), "");
    }
  }

  /** {@code deb-systemd-helper update-state}: the list of links, none of them made. */
  void helperUpdateState(String unit) {
    editor.write(UnitLink.stateFile(unit), UnitLink.state(links(unit)));
  }

  private List<UnitLink> links(String unit) {
    return UnitLink.of(unit, editor.tree())
        .orElseThrow(() -> new IllegalStateException("no unit " + unit));
  }
}
