package io.hardbake.artifact;

import io.hardbake.io.Size;
import io.hardbake.oci.ImageLayer;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that an output says of one path of its root.
 *
 * @param attributes by name, those of the manifest and {@code leads-to}, {@code names}, {@code
 *     entries}, {@code content}, {@code layer}, {@code also-in}, in the order in which people want
 *     to know
 */
public record PathDetails(AbsolutePath path, Map<String, String> attributes) {
  public PathDetails {
    attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  /** The details; empty where no entry stands under exactly this path. */
  public static Optional<PathDetails> of(Reading reading, AbsolutePath path) {
    FileTree tree = reading.root();
    Optional<Entry> entry = tree.get(path);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> attributes = Attributes.resolved(tree, path);
    if (entry.get() instanceof Symlink) {
      attributes.put(
          "leads-to", tree.resolve(path).map(AbsolutePath::value).orElse("nothing in the image"));
    }
    if (entry.get() instanceof Directory) {
      addBelow(tree, path, attributes);
    }
    addNames(tree, path, entry.get(), attributes);
    addLayers(reading.layers(), path, attributes);
    return Optional.of(new PathDetails(path, attributes));
  }

  private static void addBelow(
      FileTree tree, AbsolutePath directory, Map<String, String> attributes) {
    long entries = 0;
    Size size = Size.ZERO;
    for (Map.Entry<AbsolutePath, Entry> each :
        tree.entries().tailMap(directory, false).entrySet()) {
      if (!each.getKey().isBelow(directory)) {
        break;
      }
      entries++;
      if (each.getValue() instanceof RegularFile file) {
        size = size.plus(file.content().size());
      }
    }
    attributes.put("entries", Long.toString(entries));
    attributes.put("content", Long.toString(size.bytes()));
  }

  private static void addNames(
      FileTree tree, AbsolutePath path, Entry entry, Map<String, String> attributes) {
    AbsolutePath file = entry instanceof HardLink link ? link.target() : path;
    List<String> names = new ArrayList<>();
    for (Map.Entry<AbsolutePath, Entry> each : tree.entries().entrySet()) {
      if (each.getValue() instanceof HardLink link && link.target().equals(file)) {
        names.add(each.getKey().value());
      }
    }
    if (!names.isEmpty()) {
      names.add(0, file.value());
      attributes.put("names", String.join(" ", names));
    }
  }

  /** The topmost layer that has the path is the one that counts. */
  private static void addLayers(
      List<ImageLayer> layers, AbsolutePath path, Map<String, String> attributes) {
    List<String> having = new ArrayList<>();
    for (ImageLayer layer : layers) {
      if (layer.content().entries().containsKey(path)) {
        having.add(layer.name());
      }
    }
    if (!having.isEmpty()) {
      attributes.put("layer", having.remove(having.size() - 1));
    }
    if (!having.isEmpty()) {
      attributes.put("also-in", String.join(" ", having));
    }
  }
}
