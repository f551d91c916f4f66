package io.hardbake.image;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a disk needs to start beside its root file system. The root's own part, kernel, initramfs
 * and {@code /boot/grub/grub.cfg}, is in the tree already.
 *
 * @param rootFileSystem the UUID by which boot loader and initramfs find the root
 * @param efiLabel the label by which fstab finds the EFI system partition; at most 11 characters
 * @param loaderFiles the files that boot loaders are made of, by their paths in the packages that
 *     bring them; the packages are not installed
 */
public record BootSpec(
    UUID rootFileSystem, String efiLabel, SortedMap<AbsolutePath, Content> loaderFiles) {

  public BootSpec {
    loaderFiles = Collections.unmodifiableSortedMap(new TreeMap<>(loaderFiles));
  }
}
