package io.hardbake.disk.ext4;

import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Device;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The order of files: by layers, within a layer by path. A file is at home in the lowest layer that
 * brings it with the body that it has in the end.
 */
final class LayerOrder {
  private LayerOrder() {}

  /** What is to be laid out for each layer, and last for what comes from none. */
  static List<List<Slot>> of(Map<AbsolutePath, Node> nodes, List<Layer> layers) {
    Map<AbsolutePath, Integer> homes = homes(nodes, layers);
    List<List<Slot>> order = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      int here = i;
      List<Slot> slots = new ArrayList<>();
      layers.get(i).entries().entrySet().stream()
          .filter(e -> hasInodeInLayer(e.getValue()))
          .flatMap(e -> slot(e.getKey(), e.getValue(), nodes.get(e.getKey()), homes, here))
          .forEach(slots::add);
      order.add(slots);
    }
    List<Slot> rest = new ArrayList<>();
    nodes.forEach(
        (path, node) -> {
          if (!node.isDirectory() && !homes.containsKey(path)) {
            rest.add(Slot.of(node));
          }
        });
    order.add(rest);
    return order;
  }

  private static Map<AbsolutePath, Integer> homes(
      Map<AbsolutePath, Node> nodes, List<Layer> layers) {
    Map<AbsolutePath, Integer> homes = new HashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      for (var e : layers.get(i).entries().entrySet()) {
        Node node = nodes.get(e.getKey());
        if (node != null && hasInodeInLayer(e.getValue()) && sameBody(e.getValue(), node.entry())) {
          homes.putIfAbsent(e.getKey(), i);
        }
      }
    }
    return homes;
  }

  /** Directories change with every layer, so they have a place of their own behind the files. */
  private static boolean hasInodeInLayer(Entry entry) {
    return !(entry instanceof Directory) && !(entry instanceof HardLink);
  }

  private static Stream<Slot> slot(
      AbsolutePath path,
      Entry entry,
      @Nullable Node node,
      Map<AbsolutePath, Integer> homes,
      int layer) {
    Integer home = homes.get(path);
    if (node != null && home != null && home <= layer) {
      return home == layer ? Stream.of(Slot.of(node)) : Stream.empty();
    }
    return Stream.of(Slot.free(Node.bodyOf(entry).blocks()));
  }

  private static boolean sameBody(Entry a, Entry b) {
    if (a instanceof RegularFile f && b instanceof RegularFile g) {
      return f.content().sha256().equals(g.content().sha256());
    }
    if (a instanceof Symlink l && b instanceof Symlink m) {
      return l.target().equals(m.target());
    }
    return a instanceof Device d
        && b instanceof Device e
        && d.kind() == e.kind()
        && d.major() == e.major()
        && d.minor() == e.minor();
  }
}
