package io.hardbake.image;

import io.hardbake.tree.FileTree;
import io.hardbake.tree.Layer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One baked role: the model that every emitter reads, and reads only.
 *
 * @param role such as {@code controller}
 * @param layers from the bottom up, what every format has in common
 * @param tree the layers stacked
 * @param containerLayer what only containers get on top: units to mask
 * @param container how an engine runs it
 * @param machine what a disk has; nothing where none is asked for
 * @param box likewise with what only Vagrant boxes have; nothing where none is asked for
 * @param annotations OCI annotations, the true Kubernetes version among them
 * @param created the one time that all outputs carry
 */
public record Image(
    String role,
    Architecture architecture,
    List<Layer> layers,
    FileTree tree,
    Layer containerLayer,
    ContainerSettings container,
    Optional<Machine> machine,
    Optional<Machine> box,
    SortedMap<String, String> annotations,
    Instant created) {

  public Image {
    layers = List.copyOf(layers);
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
  }

  /** An image that no disk is made of. */
  public Image(
      String role,
      Architecture architecture,
      List<Layer> layers,
      FileTree tree,
      Layer containerLayer,
      ContainerSettings container,
      SortedMap<String, String> annotations,
      Instant created) {
    this(
        role,
        architecture,
        layers,
        tree,
        containerLayer,
        container,
        Optional.empty(),
        Optional.empty(),
        annotations,
        created);
  }

  /** The same image, of which disks can be made, and boxes if {@code newBox} is there. */
  public Image with(Machine newMachine, Optional<Machine> newBox) {
    return new Image(
        role,
        architecture,
        layers,
        tree,
        containerLayer,
        container,
        Optional.of(newMachine),
        newBox,
        annotations,
        created);
  }

  /** The layers of a container: the common ones and the container's own, empty ones left out. */
  public List<Layer> containerLayers() {
    List<Layer> all = new ArrayList<>(layers);
    all.add(containerLayer);
    all.removeIf(Layer::isEmpty);
    return List.copyOf(all);
  }

  /** The stem of all output file names: {@code controller-amd64}. */
  public String fileStem() {
    return role + "-" + architecture;
  }
}
