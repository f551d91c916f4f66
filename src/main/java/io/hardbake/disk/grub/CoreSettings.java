package io.hardbake.disk.grub;

import java.util.List;
import java.util.UUID;

/**
 * What is built into a core image.
 *
 * @param modules by name; what they need comes by itself
 * @param config commands that run before there is a prefix: one a line, no {@code if} and no {@code
 *     for}, since only the rescue parser reads them
 * @param prefix where GRUB looks for its files until the config says otherwise
 */
public record CoreSettings(List<String> modules, String config, String prefix) {
  /**
   * All that a disk needs to find its root and start a kernel from it, plus what a person at the
   * console may want when it does not start.
   */
  private static final List<String> MODULES =
      List.of(
          ("biosdisk part_gpt ext2 search_fs_uuid search normal configfile linux serial test true"
                  + " echo regexp sleep reboot halt")
              .split(" ", -1));

  public CoreSettings {
    modules = List.copyOf(modules);
  }

  /**
   * Finds the root by its UUID, on whatever disk it is, and goes on with its {@code
   * /boot/grub/grub.cfg}.
   *
   * @param rootPartition the root's number on this disk, from 1, where GRUB looks first
   */
  public static CoreSettings forRoot(UUID rootFileSystem, int rootPartition) {
    return new CoreSettings(
        MODULES,
        "search.fs_uuid " + rootFileSystem + " root\nset prefix=($root)/boot/grub\n",
        "(,gpt" + rootPartition + ")/boot/grub");
  }
}
