package io.hardbake.artifact;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UsageException;
import io.hardbake.image.Manifest;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One of two things that are compared: an output, its manifest, or a JSON document about it.
 *
 * @param what in a word: the output's kind, {@code manifest} or {@code json}
 * @param reading of an output
 * @param lines of a manifest
 * @param facts what has a name and a value
 */
record Side(
    Path file,
    String what,
    Optional<Reading> reading,
    Optional<NavigableMap<AbsolutePath, Manifest.Line>> lines,
    SortedMap<String, String> facts)
    implements AutoCloseable {
  static final String MANIFEST = "manifest";
  static final String JSON = "json";

  private static final Size TEXT_LIMIT = Size.mib(128);

  static Side open(Path file, Progress progress)
      throws BakeException, IOException, InterruptedException {
    Artifacts.requireFile(file);
    if (Files.size(file) <= TEXT_LIMIT.bytes()) {
      int first = firstByte(file);
      if (first == '/') {
        return manifest(file);
      }
      if (first == '{' || first == '[') {
        return json(file);
      }
    }
    Reading reading = Artifacts.read(file, progress);
    return new Side(
        file, reading.kind().toString(), Optional.of(reading), Optional.empty(), reading.facts());
  }

  private static int firstByte(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read();
    }
  }

  private static Side manifest(Path file) throws IOException, UsageException {
    NavigableMap<AbsolutePath, Manifest.Line> lines = new TreeMap<>();
    ManifestFile.read(file).lines().forEach(line -> lines.put(line.path(), line));
    return new Side(
        file, MANIFEST, Optional.empty(), Optional.of(lines), Collections.emptySortedMap());
  }

  private static Side json(Path file) throws IOException, IntegrityException {
    try {
      SortedMap<String, String> facts = JsonFacts.of(file);
      return new Side(file, JSON, Optional.empty(), Optional.empty(), facts);
    } catch (JsonProcessingException e) {
      throw new IntegrityException(
          file + " begins like JSON and is none: " + e.getOriginalMessage(),
          "bake again, or copy it anew",
          e);
    }
  }

  boolean isManifest() {
    return what.equals(MANIFEST);
  }

  boolean isJson() {
    return what.equals(JSON);
  }

  /** The paths of the root; none of a JSON document. */
  NavigableSet<AbsolutePath> paths() {
    if (lines.isPresent()) {
      return lines.get().navigableKeySet();
    }
    return reading
        .map(r -> r.root().entries().navigableKeySet())
        .orElse(Collections.emptyNavigableSet());
  }

  /** A path's attributes; empty where there is no such path. */
  Map<String, String> attributes(AbsolutePath path) {
    if (lines.isPresent()) {
      Manifest.Line line = lines.get().get(path);
      return line == null ? Map.of() : Attributes.of(line);
    }
    return reading.map(r -> attributes(r.root(), path)).orElse(Map.of());
  }

  static Map<String, String> attributes(FileTree tree, AbsolutePath path) {
    return tree.get(path).map(entry -> Attributes.of(path, entry)).orElse(Map.of());
  }

  /** A body, where this side has bodies at all. */
  Optional<Content> content(AbsolutePath path) {
    return reading
        .flatMap(r -> r.root().get(path))
        .map(entry -> entry instanceof RegularFile regular ? regular.content() : null);
  }

  @Override
  public void close() throws IOException {
    if (reading.isPresent()) {
      reading.get().close();
    }
  }
}
