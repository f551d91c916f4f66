package io.hardbake.artifact;

import io.hardbake.image.Finding;
import io.hardbake.image.Manifest;
import io.hardbake.oci.ImageLayer;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Provenance;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An output of hardbake, read from its file alone. Bodies of files are opened when they are asked
 * for, which works until the reading is closed.
 */
public final class Reading implements AutoCloseable {
  private final Path file;
  private final Kind kind;
  private final Contents contents;
  private final Closeable held;

  /**
   * What an output says.
   *
   * @param layers from the bottom up; empty where the format has none
   * @param root the file system that a machine starts from, all layers applied
   * @param efi the EFI system partition, where there is one
   * @param facts all else, by name: {@code architecture}, {@code label.role}, {@code root-uuid}
   * @param findings damage that did not keep the output from being read
   */
  public record Contents(
      List<ImageLayer> layers,
      FileTree root,
      Optional<FileTree> efi,
      SortedMap<String, String> facts,
      List<Finding> findings) {
    public Contents {
      layers = List.copyOf(layers);
      facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
      findings = List.copyOf(findings);
    }
  }

  /** {@code held} is what the contents need for as long as the reading is open. */
  public Reading(Path file, Kind kind, Contents contents, Closeable held) {
    this.file = file;
    this.kind = kind;
    this.contents = contents;
    this.held = held;
  }

  public Path file() {
    return file;
  }

  public Kind kind() {
    return kind;
  }

  /** From the bottom up; empty where the format has none. */
  public List<ImageLayer> layers() {
    return contents.layers;
  }

  /** The file system that a machine starts from, all layers applied. */
  public FileTree root() {
    return contents.root;
  }

  /** The EFI system partition, where there is one. */
  public Optional<FileTree> efi() {
    return contents.efi;
  }

  /** All that is no file, by name; docs/inspect.md lists the names. */
  public SortedMap<String, String> facts() {
    return contents.facts;
  }

  /** Damage that did not keep the output from being read. */
  public List<Finding> findings() {
    return contents.findings;
  }

  /**
   * The same reading with the provenance of each path of the root that the manifest has too; the
   * others keep {@link Provenance#UNKNOWN}. To be used, and closed, in the place of this one.
   */
  public Reading withProvenance(Manifest manifest) {
    Map<AbsolutePath, Provenance> known = new HashMap<>();
    manifest.lines().forEach(line -> known.put(line.path(), line.provenance()));
    FileTree.Builder tree = contents.root.toBuilder();
    contents
        .root
        .entries()
        .forEach((path, entry) -> tree.putExact(path, withProvenance(entry, known.get(path))));
    return new Reading(
        file,
        kind,
        new Contents(
            contents.layers, tree.freeze(), contents.efi, contents.facts, contents.findings),
        held);
  }

  private static Entry withProvenance(Entry entry, @Nullable Provenance provenance) {
    return provenance == null ? entry : entry.withMeta(entry.meta().withProvenance(provenance));
  }

  @Override
  public void close() throws IOException {
    held.close();
  }
}
