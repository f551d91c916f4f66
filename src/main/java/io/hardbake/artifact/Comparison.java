package io.hardbake.artifact;

import io.hardbake.artifact.Difference.Change;
import io.hardbake.artifact.Difference.Event;
import io.hardbake.artifact.Difference.PathChange;
import io.hardbake.artifact.Difference.ValueChange;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UsageException;
import io.hardbake.oci.ImageLayer;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds where two outputs differ. Outputs of one kind are compared in all that they say; of two
 * kinds, in the root file system; with a manifest, in what a manifest has.
 */
public final class Comparison {
  /** Digests of documents that are compared themselves. */
  private static final Set<String> FOLLOW = Set.of("manifest-digest", "config-digest");

  private final Side before;
  private final Side after;

  private Comparison(Side before, Side after) {
    this.before = before;
    this.after = after;
  }

  /**
   * Compares two files.
   *
   * @throws UsageException if one of them is nothing that can be compared, or with the other
   */
  public static Difference of(Path before, Path after, Progress progress)
      throws BakeException, IOException, InterruptedException {
    try (Side a = Side.open(before, progress);
        Side b = Side.open(after, progress)) {
      if (a.isJson() != b.isJson()) {
        throw new UsageException(
            "%s is %s and %s is %s".formatted(before, a.what(), after, b.what()),
            "compare JSON with JSON, and outputs or manifests with each other");
      }
      return new Comparison(a, b).compare();
    }
  }

  private Difference compare() throws BakeException, IOException {
    boolean alike = before.what().equals(after.what());
    List<ValueChange> packages = new ArrayList<>();
    List<ValueChange> layers = new ArrayList<>();
    List<PathChange> paths = paths();
    if (before.reading().isPresent() && after.reading().isPresent()) {
      Reading a = before.reading().get();
      Reading b = after.reading().get();
      packages.addAll(values(versions(a.root()), versions(b.root())));
      layers.addAll(alike ? layers(a, b) : List.of());
      paths.addAll(efi(a, b));
    }
    List<ValueChange> facts = alike ? values(before.facts(), after.facts()) : List.of();
    Difference found = new Difference(packages, facts, layers, paths, Optional.empty());
    return found.isEmpty() && alike ? bytes() : found;
  }

  /** Nothing differs that the files mean; the bytes may all the same. */
  private Difference bytes() throws IOException {
    long at = Files.mismatch(before.file(), after.file());
    return at < 0
        ? Difference.none()
        : new Difference(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.of(Place.describe(before.file(), after.file(), at)));
  }

  private static SortedMap<String, String> versions(FileTree tree)
      throws BakeException, IOException {
    SortedMap<String, String> versions = new TreeMap<>();
    InstalledPackage.in(tree)
        .forEach(
            (name, each) ->
                versions.put(
                    name, each.version() + (each.isConfigured() ? "" : " (not configured)")));
    return versions;
  }

  private static List<ValueChange> layers(Reading before, Reading after) {
    return values(digests(before.layers()), digests(after.layers()));
  }

  private static Map<String, String> digests(List<ImageLayer> layers) {
    Map<String, String> digests = new LinkedHashMap<>();
    for (ImageLayer layer : layers) {
      String name = layer.name();
      for (int i = 2; digests.containsKey(name); i++) {
        name = layer.name() + "#" + i;
      }
      digests.put(
          name, "sha256:%s, %d bytes".formatted(layer.digest(), layer.compressed().bytes()));
    }
    return digests;
  }

  /** In the order of the first map, and what only the second has after that. */
  private static List<ValueChange> values(Map<String, String> before, Map<String, String> after) {
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    names.removeAll(FOLLOW);
    List<ValueChange> changes = new ArrayList<>();
    for (String name : names) {
      if (!Objects.equals(before.get(name), after.get(name))) {
        changes.add(new ValueChange(name, change(before, after, name)));
      }
    }
    return changes;
  }

  private static Change change(Map<String, String> before, Map<String, String> after, String name) {
    return new Change(Optional.ofNullable(before.get(name)), Optional.ofNullable(after.get(name)));
  }

  private List<PathChange> paths() throws IOException {
    NavigableSet<AbsolutePath> all = new TreeSet<>(before.paths());
    all.addAll(after.paths());
    List<PathChange> changes = new ArrayList<>();
    for (AbsolutePath path : all) {
      Optional<PathChange> change =
          pathChange("root", path, before.attributes(path), after.attributes(path));
      if (change.isPresent()) {
        changes.add(withExcerpt(change.get()));
      }
    }
    return changes;
  }

  private PathChange withExcerpt(PathChange change) throws IOException {
    Optional<Content> a = before.content(change.path());
    Optional<Content> b = after.content(change.path());
    if (!change.attributes().containsKey("sha256") || a.isEmpty() || b.isEmpty()) {
      return change;
    }
    return new PathChange(
        change.tree(),
        change.path(),
        change.event(),
        change.attributes(),
        Excerpt.of(a.get(), b.get()));
  }

  private List<PathChange> efi(Reading a, Reading b) {
    if (a.efi().isEmpty() || b.efi().isEmpty()) {
      return List.of();
    }
    FileTree mine = a.efi().get();
    FileTree other = b.efi().get();
    NavigableSet<AbsolutePath> all = new TreeSet<>(mine.entries().navigableKeySet());
    all.addAll(other.entries().navigableKeySet());
    List<PathChange> changes = new ArrayList<>();
    for (AbsolutePath path : all) {
      pathChange("efi", path, Side.attributes(mine, path), Side.attributes(other, path))
          .ifPresent(changes::add);
    }
    return changes;
  }

  private Optional<PathChange> pathChange(
      String tree, AbsolutePath path, Map<String, String> mine, Map<String, String> other) {
    Set<String> names = new LinkedHashSet<>(mine.keySet());
    names.addAll(other.keySet());
    if (!before.isManifest() || !after.isManifest()) {
      names.remove(Attributes.PROVENANCE);
    }
    boolean both = !mine.isEmpty() && !other.isEmpty();
    if (both && before.isManifest() != after.isManifest()) {
      names.remove(Attributes.MTIME);
    }
    Map<String, Change> changes = new LinkedHashMap<>();
    for (String name : names) {
      if (!Objects.equals(mine.get(name), other.get(name))) {
        changes.put(name, change(mine, other, name));
      }
    }
    if (changes.isEmpty()) {
      return Optional.empty();
    }
    Event event = both ? Event.CHANGED : mine.isEmpty() ? Event.ADDED : Event.REMOVED;
    return Optional.of(new PathChange(tree, path, event, changes, List.of()));
  }
}
