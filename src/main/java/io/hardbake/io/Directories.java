package io.hardbake.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories that have to be there. */
public final class Directories {
  private Directories() {}

  /**
   * Makes {@code directory}, and those above it, where they are missing. It may be a link to one,
   * which {@link Files#createDirectories} of JDKs before 17.0.14 takes for something else
   * (JDK-8294193).
   */
  public static Path make(Path directory) throws IOException {
    return Files.isDirectory(directory) ? directory : Files.createDirectories(directory);
  }
}
