package io.hardbake.artifact;

import io.hardbake.image.Manifest;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry;
import io.hardbake.tree.FileTree;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What can be said of a path, attribute by attribute, in the words of the manifest: {@code type},
 * {@code mode}, {@code owner}, {@code mtime}, {@code size}, {@code sha256}, {@code target}, {@code
 * device}, {@code xattr.security.capability}, {@code provenance}.
 */
final class Attributes {
  static final String PROVENANCE = "provenance";

  /** Of a type that only a manifest knows, since its line has no time. */
  static final String MTIME = "mtime";

  private Attributes() {}

  /** Of an entry of a tree, in the order in which people want to know. */
  static Map<String, String> of(AbsolutePath path, Entry entry) {
    Map<String, String> attributes = of(Manifest.Line.of(path, entry));
    if (!(entry instanceof Entry.HardLink)) {
      attributes.put(MTIME, Instant.ofEpochSecond(entry.meta().mtime()).toString());
    }
    return attributes;
  }

  /** Of a line of a manifest, which has no time. */
  static Map<String, String> of(Manifest.Line line) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("type", line.type().name().toLowerCase(Locale.ROOT));
    // A hard link has the attributes of its file, where they are told.
    if (line.type() != Manifest.Type.HARDLINK) {
      attributes.put("mode", String.format(Locale.ROOT, "%04o", line.mode()));
      attributes.put("owner", line.uid() + ":" + line.gid());
      line.size().ifPresent(size -> attributes.put("size", Long.toString(size.bytes())));
      line.xattrs().forEach((name, value) -> attributes.put("xattr." + name, value.toString()));
    }
    switch (line.type()) {
      case FILE -> attributes.put("sha256", line.body().replaceFirst("^sha256:", ""));
      case SYMLINK, HARDLINK -> attributes.put("target", line.body());
      case CHARACTER, BLOCK -> attributes.put("device", line.body());
      case DIRECTORY, FIFO -> {}
    }
    attributes.put(PROVENANCE, line.provenance().value());
    return attributes;
  }

  /** Of a path of a tree that has it; a hard link's are those of its file, and the file's name. */
  static Map<String, String> resolved(FileTree tree, AbsolutePath path) {
    Entry entry = tree.entries().get(path);
    if (entry instanceof Entry.HardLink link) {
      Map<String, String> attributes =
          of(path, tree.file(link.target()).map(Entry.class::cast).orElse(entry));
      attributes.put("hardlink", link.target().value());
      return attributes;
    }
    return entry == null ? Map.of() : of(path, entry);
  }
}
