package io.hardbake.settle;

import static java.util.stream.Collectors.joining;

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
  public record Unconfigured(String packageName, String reason) {
    private static final int MANY = 3;

    /** Their names in a few words. */
    public static String names(List<Unconfigured> packages) {
      String first =
          packages.stream().limit(MANY).map(Unconfigured::packageName).collect(joining(", "));
      return packages.size() > MANY
          ? "%s and %d more".formatted(first, packages.size() - MANY)
          : first;
    }
  }
}
