package io.hardbake.oci;

import io.hardbake.failure.BakeException;
import io.hardbake.image.Artifact;
import io.hardbake.image.Emitter;
import io.hardbake.image.Image;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Writes {@code <role>-<arch>.oci.tar}: one archive that is an OCI image layout and a docker image
 * archive at once, so that {@code docker load}, {@code podman load}, containerd and skopeo's {@code
 * oci-archive:} and {@code docker-archive:} all read it.
 */
public final class OciArchive implements Emitter {
  private final LayerCache cache;
  private final Progress progress;
  private final int jobs;

  /** {@code jobs} threads compress; the bytes do not depend on how many. */
  public OciArchive(LayerCache cache, Progress progress, int jobs) {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs: " + jobs);
    }
    this.cache = cache;
    this.progress = progress;
    this.jobs = jobs;
  }

  @Override
  public Artifact emit(Image image, Path directory)
      throws IOException, BakeException, InterruptedException {
    Objects.requireNonNull(image);
    throw new UnsupportedOperationException(image.fileStem() + cache + progress + jobs);
  }
}
