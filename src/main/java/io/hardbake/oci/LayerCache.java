package io.hardbake.oci;

import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Where compressed layers are kept between bakes and shared between roles. */
@FunctionalInterface
public interface LayerCache {
  /**
   * The file of this kind and key, made by {@code filler} when it is not there yet. Two callers
   * that ask for one key at the same time get one file, filled once.
   *
   * @param key a digest of all that the file's bytes follow from
   */
  Path derived(String kind, String key, Filler filler)
      throws IOException, BakeException, InterruptedException;

  /** Writes the file. */
  @FunctionalInterface
  interface Filler {
    void fill(OutputStream out) throws IOException, BakeException, InterruptedException;
  }
}
