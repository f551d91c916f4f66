package io.hardbake.oci;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.LoadResponseItem;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Streams an archive into the running container engine that the environment names ({@code
 * DOCKER_HOST} and its kin, and docker's contexts) and makes sure that it arrived. Podman's service
 * answers in the same way.
 */
public final class EngineLoad {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final String REMEDY =
      "start docker, or set DOCKER_HOST to an engine that runs; `docker version` should answer";

  private final Progress progress;
  private final Optional<URI> engine;

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

  /** Loads into the engine of the environment. */
  public EngineLoad(Progress progress) {
    this(progress, Optional.empty());
  }

  /** Loads into {@code engine}, such as {@code unix:///var/run/docker.sock}, where given. */
  public EngineLoad(Progress progress, Optional<URI> engine) {
    this.progress = progress;
    this.engine = engine;
  }

  /** Loads {@code archive}; no engine, or one that refuses, is a HostException. */
  public Loaded load(Path archive) throws BakeException, InterruptedException {
    ArchiveReader image = ArchiveReader.open(archive);
    DefaultDockerClientConfig.Builder settings =
        DefaultDockerClientConfig.createDefaultConfigBuilder();
    engine.ifPresent(uri -> settings.withDockerHost(uri.toString()));
    DockerClientConfig configuration = settings.build();
    try (DockerClient client = connect(configuration)) {
      ping(client, configuration);
      send(client, archive, image);
      verify(client, image);
      return new Loaded(image.names(), image.configuration().digest());
    } catch (IOException e) {
      throw new HostException(
          "loading " + archive + " into the engine failed: " + e.getMessage(), REMEDY, e);
    }
  }

  private static DockerClient connect(DockerClientConfig configuration) {
    return DockerClientImpl.getInstance(
        configuration,
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(configuration.getDockerHost())
            .sslConfig(configuration.getSSLConfig())
            .connectionTimeout(CONNECT)
            .build());
  }

  private static void ping(DockerClient client, DockerClientConfig configuration)
      throws HostException {
    try {
      client.pingCmd().exec();
    } catch (RuntimeException e) {
      // docker-java wraps a refused connection in unchecked exceptions of several kinds.
      throw new HostException(
          "no container engine answers at %s: %s"
              .formatted(configuration.getDockerHost(), rootMessage(e)),
          REMEDY,
          e);
    }
  }

  private void send(DockerClient client, Path archive, ArchiveReader image)
      throws IOException, HostException, InterruptedException {
    Answer answer = new Answer();
    try (Progress.Task task =
            progress.begin("loading " + archive.getFileName(), new Size(Files.size(archive)));
        InputStream in = new Counted(Files.newInputStream(archive), task)) {
      client.loadImageAsyncCmd(in).exec(answer).awaitCompletion();
    } catch (RuntimeException e) {
      throw refused(image, rootMessage(e), e);
    }
    if (answer.error.isPresent()) {
      throw refused(image, answer.error.get(), new IOException(answer.error.get()));
    }
  }

  private static HostException refused(ArchiveReader image, String why, Exception e) {
    return new HostException(
        "the engine refused to load " + image.names().get(0) + ": " + why,
        "look at the engine's own log; it may lack space or rights",
        e);
  }

  /**
   * Each name is an image with our configuration. Engines on containerd's image store call an image
   * by its manifest's digest instead.
   */
  private static void verify(DockerClient client, ArchiveReader image) throws BakeException {
    for (String name : image.names()) {
      String id;
      try {
        id = Optional.ofNullable(client.inspectImageCmd(name).exec().getId()).orElse("");
      } catch (NotFoundException e) {
        if (!name.equals(image.names().get(0))) {
          continue; // Podman takes the first name only.
        }
        throw refused(image, "it says nothing, but does not have the image", e);
      }
      if (!id.equals("sha256:" + image.configuration().digest())
          && !id.equals("sha256:" + image.manifestDigest())) {
        throw new IntegrityException(
            "the engine has another image as %s: expected sha256:%s, actual %s"
                .formatted(name, image.configuration().digest(), id),
            "remove that image from the engine and load again");
      }
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  /** The engine's answer: a stream of items, of which one may be an error. */
  private static final class Answer extends ResultCallback.Adapter<LoadResponseItem> {
    private volatile Optional<String> error = Optional.empty();

    @Override
    public void onNext(LoadResponseItem item) {
      if (item.isErrorIndicated() && item.getErrorDetail() != null) {
        error = Optional.ofNullable(item.getErrorDetail().getMessage());
      }
    }
  }

  private static final class Counted extends FilterInputStream {
    private final Progress.Task task;

    Counted(InputStream in, Progress.Task task) {
      super(in);
      this.task = task;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      task.advance(Math.max(n, 0));
      return n;
    }
  }
}
