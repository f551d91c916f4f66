package io.hardbake.kubernetes;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
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
  public Path copy(KubernetesRequest request, Path directory)
      throws IOException, BakeException, InterruptedException {
    return tarball.copy(request, () -> List.of(candidate(request)), directory);
  }

  private static URI candidate(KubernetesRequest request)
      throws UnreachableException, UsageException {
    String mirror =
        request
            .mirror()
            .orElseThrow(
                () ->
                    new UsageException(
                        "--kubernetes mirror, but no mirror is named",
                        "name a directory or a URL with --kubernetes-mirror"));
    try {
      if (mirror.startsWith("http://") || mirror.startsWith("https://")) {
        return remote(request, new URI(mirror.endsWith("/") ? mirror : mirror + "/"));
      }
      return local(
          request, mirror.startsWith("file:") ? Path.of(new URI(mirror)) : Path.of(mirror));
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw new UsageException(
          "the Kubernetes mirror is neither a directory nor a URL: " + mirror,
          "name an existing directory, or a URL that begins with http:// or https://",
          e);
    }
  }

  private static URI remote(KubernetesRequest request, URI base) throws UnreachableException {
    if (request.offline()) {
      throw new UnreachableException(
          "it is not in the store, and this bake is offline",
          "bake once without --offline, or name a directory with --kubernetes-mirror");
    }
    return base.resolve(PinnedTarball.path(request));
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
