package io.hardbake.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A place on disk for readers that want files: one file, rewritten for each input. */
public final class InputFile {
  private final Path path;

  /** In a directory of its own, removed when the process ends. */
  public InputFile(String name) {
    try {
      Path directory = Files.createTempDirectory("fuzz");
      this.path = directory.resolve(name);
      directory.toFile().deleteOnExit();
      path.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path path() {
    return path;
  }

  /** The file, holding these bytes now. */
  public Path holding(byte[] bytes) {
    try {
      return Files.write(path, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
