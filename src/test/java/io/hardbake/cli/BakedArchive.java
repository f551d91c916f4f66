package io.hardbake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An image archive, read as a container engine does. */
final class BakedArchive {
  private final Map<String, byte[]> members;

  private BakedArchive(Map<String, byte[]> members) {
    this.members = members;
  }

  static BakedArchive open(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new BakedArchive(files(in));
    }
  }

  /** The layers' names, the lowest first. */
  List<String> layers() throws IOException {
    List<String> layers = new ArrayList<>();
    new ObjectMapper()
        .readTree(requireNonNull(members.get("manifest.json")))
        .get(0)
        .get("Layers")
        .forEach(layer -> layers.add(layer.asText()));
    return layers;
  }

  /** A file's text as the topmost layer has it that has it; empty where none does. */
  String text(String path) throws IOException {
    String text = "";
    for (String layer : layers()) {
      byte[] packed = requireNonNull(members.get(layer));
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
        byte[] found = files(in).get(path);
        text = found == null ? text : new String(found, UTF_8);
      }
    }
    return text;
  }

  private static Map<String, byte[]> files(InputStream in) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    TarArchiveInputStream tar = new TarArchiveInputStream(in);
    for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
      if (e.isFile()) {
        files.put(e.getName(), tar.readAllBytes());
      }
    }
    return files;
  }
}
