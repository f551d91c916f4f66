package io.hardbake.kubernetes;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import java.io.IOException;

/** One way to come by the binaries. */
sealed interface KubernetesSource permits DebianSource, TarballSource {
  /**
   * The binaries, from the store when they are there.
   *
   * @throws UnreachableException if this source cannot be had; another one may be tried
   */
  KubernetesBinaries obtain(KubernetesRequest request)
      throws IOException, BakeException, InterruptedException;

  /** Whether the binaries are in the store, so that nothing has to be fetched for them. */
  boolean has(KubernetesRequest request) throws IOException, BakeException, InterruptedException;
}
