package io.hardbake.image;

import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.nio.file.Path;

/** Knows what earlier bakes wrote, so that what stands already is not written again. */
@FunctionalInterface
public interface Ledger {
  /**
   * The artifact of a key: as it stands in the file if an earlier bake wrote it there and nobody
   * touched it since, else as {@code writer} writes it now.
   *
   * @param key all that the file's bytes follow from
   */
  Artifact artifact(Path file, String key, Writer writer)
      throws IOException, BakeException, InterruptedException;

  /** Writes the file. */
  @FunctionalInterface
  interface Writer {
    Artifact write() throws IOException, BakeException, InterruptedException;
  }
}
