package io.hardbake.image;

import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;

/**
 * What makes an image a machine with a disk of its own.
 *
 * @param layer what only disks get on top: the kernel and all that an engine would do for it
 * @param tree the image's layers and this one stacked: the root file system
 */
public record Machine(Layer layer, FileTree tree, BootSpec boot) {}
