package io.hardbake.kubernetes;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import java.io.IOException;
import java.nio.file.Path;

/** A source whose binaries are members of the release's own tarball. */
sealed interface TarballSource extends KubernetesSource permits MirrorSource, ReleaseSource {
  /**
   * Leaves the tarball below {@code directory}, laid out as the release host is; one that is there
   * and right stays.
   *
   * @throws UnreachableException if this source cannot be had; another one may be tried
   */
  Path copy(KubernetesRequest request, Path directory)
      throws IOException, BakeException, InterruptedException;
}
