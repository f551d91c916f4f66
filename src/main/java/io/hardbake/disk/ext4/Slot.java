package io.hardbake.disk.ext4;

import java.util.Optional;

/**
 * A place in the layout: for a node, or for an entry of a layer that a later one replaced. The
 * second kind stays free, so that a layer lies the same way whatever comes on top of it.
 *
 * @param blocks of the body
 */
record Slot(Optional<Node> node, long blocks) {
  static Slot of(Node node) {
    return new Slot(Optional.of(node), node.body().blocks());
  }

  static Slot free(long blocks) {
    return new Slot(Optional.empty(), blocks);
  }
}
