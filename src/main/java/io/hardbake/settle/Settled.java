package io.hardbake.settle;

import io.hardbake.tree.FileTree;
import java.util.List;

/**
 * The result of settling.
 *
 * @param tree packages unpacked and, but for {@code unconfigured}, configured
 * @param unconfigured packages in dpkg state {@code unpacked}, left to {@code dpkg --configure -a}
 *     at first boot
 */
public record Settled(FileTree tree, List<Unconfigured> unconfigured) {
  public Settled {
    unconfigured = List.copyOf(unconfigured);
  }

  /**
   * A package whose scripts hardbake does not stand in for, and why, in words for the bake's
   * warning.
   */
  public record Unconfigured(String packageName, String reason) {}
}
