package io.hardbake.image;

import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import java.util.List;

/**
 * What makes an image a machine with a disk of its own.
 *
 * @param layers what only disks get on top, from the bottom up: the kernel and all that an engine
 *     would do for it
 * @param tree the image's layers and these stacked: the root file system
 */
public record Machine(List<Layer> layers, FileTree tree, BootSpec boot, Hardware hardware) {
  public Machine {
    layers = List.copyOf(layers);
  }
}
