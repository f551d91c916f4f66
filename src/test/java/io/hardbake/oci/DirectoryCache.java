package io.hardbake.oci;

import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The simplest cache there is: files in a directory; counts what had to be made. */
final class DirectoryCache implements LayerCache {
  private final Path directory;
  private final List<String> filled = new ArrayList<>();

  DirectoryCache(Path directory) {
    this.directory = directory;
  }

  @Override
  public synchronized Path derived(String kind, String key, Filler filler)
      throws IOException, BakeException, InterruptedException {
    Path file = directory.resolve(kind + "-" + key);
    if (!Files.exists(file)) {
      filled.add(kind);
      try (OutputStream out = Files.newOutputStream(file)) {
        filler.fill(out);
      }
    }
    return file;
  }

  /** How often a file of this kind had to be made. */
  int filled(String kind) {
    return Collections.frequency(filled, kind);
  }
}
