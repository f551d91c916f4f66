package io.hardbake.kubernetes;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A directory or a web server laid out as the release host is, for networks that end at a wall. */
final class MirrorSource implements TarballSource {
  private final PinnedTarball tarball;

  MirrorSource(PinnedTarball tarball) {
    this.tarball = tarball;
  }

  @Override
  public KubernetesBinaries obtain(KubernetesRequest request)
      throws IOException, BakeException, InterruptedException {
    return tarball.obtain(request, () -> List.of(candidate(request)));
  }

  @Override
  public boolean has(KubernetesRequest request) throws IOException, BakeException {
    return tarball.has(request);
  }

  @Override
  public Path copy(KubernetesRequest request, Path directory)
      throws IOException, BakeException, InterruptedException {
    return tarball.copy(request, () -> List.of(candidate(request)), directory);
  }

  private static URI candidate(KubernetesRequest request)
      throws UnreachableException, UsageException {
    URI mirror =
        request
            .mirror()
            .orElseThrow(
                () ->
                    new UsageException(
                        "--kubernetes mirror, but no mirror is named",
                        "name a directory or a URL with --kubernetes-mirror"));
    if (request.offline()) {
      throw PinnedTarball.offline();
    }
    return "file".equals(mirror.getScheme())
        ? local(request, Path.of(mirror))
        : remote(request, mirror);
  }

  private static URI remote(KubernetesRequest request, URI mirror) {
    String base = mirror.toString();
    return URI.create(base.endsWith("/") ? base : base + "/").resolve(PinnedTarball.path(request));
  }

  private static URI local(KubernetesRequest request, Path directory) throws UnreachableException {
    Path file = directory.resolve(PinnedTarball.path(request));
    if (!Files.isRegularFile(file)) {
      throw new UnreachableException(
          "the Kubernetes mirror " + directory + " has no " + PinnedTarball.path(request),
          "copy that file there, or name another mirror");
    }
    return file.toUri();
  }
}
