package io.hardbake.oci;

import io.hardbake.failure.BakeException;
import io.hardbake.io.Sha256;
import io.hardbake.progress.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Streams an archive into the running container engine that the environment names ({@code
 * DOCKER_HOST} and its kin, docker's contexts aside) and makes sure that it arrived.
 */
public final class EngineLoad {
  private final Progress progress;

  /**
   * What the engine now has.
   *
   * @param names such as {@code hardbake/controller:v1.18.6}
   * @param configuration the digest of the image's configuration: docker's image ID
   */
  public record Loaded(List<String> names, Sha256 configuration) {
    public Loaded {
      names = List.copyOf(names);
    }
  }

  public EngineLoad(Progress progress) {
    this.progress = progress;
  }

  /** Loads {@code archive}; no engine, or one that refuses, is a HostException. */
  public Loaded load(Path archive) throws BakeException, InterruptedException {
    Objects.requireNonNull(archive);
    throw new UnsupportedOperationException(archive.toString() + progress);
  }
}
