package io.hardbake.disk.cluster;

import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Where compressed regions are kept between bakes and shared between roles. */
@FunctionalInterface
public interface ClusterCache {
  /**
   * The file of this kind and key, made by {@code filler} when it is not there yet. Called by
   * several threads at once. The file stays for as long as the packed volume is in use.
   *
   * @param key all that the file's bytes follow from
   */
  Path derived(String kind, String key, Filler filler)
      throws IOException, BakeException, InterruptedException;

  /** Writes the file. */
  @FunctionalInterface
  interface Filler {
    void fill(OutputStream out) throws IOException, BakeException, InterruptedException;
  }
}
