package io.hardbake.artifact;

import io.hardbake.io.Size;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Provenance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What takes the space of a tree.
 *
 * @param largest files, the largest first
 * @param shares where files come from, the largest first
 */
public record Usage(List<LargeFile> largest, List<Share> shares) {
  /** A regular file. */
  public record LargeFile(AbsolutePath path, Size size, Provenance provenance) {}

  /** All that comes from one source: a package, a template, a rule. */
  public record Share(Provenance provenance, int entries, Size size) {
    private Share plus(Share other) {
      return new Share(provenance, entries + other.entries, size.plus(other.size));
    }
  }

  public Usage {
    largest = List.copyOf(largest);
    shares = List.copyOf(shares);
  }

  /** {@code top} is how many of the largest files are named. */
  public static Usage of(FileTree tree, int top) {
    List<LargeFile> files = new ArrayList<>();
    Map<String, Share> shares = new TreeMap<>();
    for (Map.Entry<AbsolutePath, Entry> each : tree.entries().entrySet()) {
      Provenance provenance = each.getValue().meta().provenance();
      Size size = Size.ZERO;
      if (each.getValue() instanceof RegularFile file) {
        size = file.content().size();
        files.add(new LargeFile(each.getKey(), size, provenance));
      }
      shares.merge(provenance.value(), new Share(provenance, 1, size), Share::plus);
    }
    files.sort(Comparator.comparing(LargeFile::size).reversed().thenComparing(LargeFile::path));
    return new Usage(
        files.subList(0, Math.min(top, files.size())),
        shares.values().stream().sorted(Comparator.comparing(Share::size).reversed()).toList());
  }
}
