package io.hardbake.kubernetes;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.fetch.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The project's own download hosts. */
final class ReleaseSource implements KubernetesSource {
  /** The host of today, and the bucket behind it that the tutorial names. */
  static final List<URI> HOSTS =
      List.of(
          URI.create("https://dl.k8s.io/"),
          URI.create("https://storage.googleapis.com/kubernetes-release/release/"));

  private final PinnedTarball tarball;
  private final Fetcher fetcher;
  private final List<URI> hosts;

  ReleaseSource(PinnedTarball tarball, Fetcher fetcher, List<URI> hosts) {
    this.tarball = tarball;
    this.fetcher = fetcher;
    this.hosts = List.copyOf(hosts);
  }

  @Override
  public KubernetesBinaries obtain(KubernetesRequest request)
      throws IOException, BakeException, InterruptedException {
    return tarball.obtain(request, () -> candidates(request));
  }

  /**
   * Only hosts that answer: a download is retried for minutes, but whoever sits behind a closed
   * firewall should learn it at once.
   */
  private List<URI> candidates(KubernetesRequest request)
      throws UnreachableException, InterruptedException {
    List<URI> candidates = new ArrayList<>();
    if (!request.offline()) {
      for (URI host : hosts) {
        URI candidate = host.resolve(PinnedTarball.path(request));
        if (fetcher.reachable(candidate)) {
          candidates.add(candidate);
        }
      }
    }
    if (candidates.isEmpty()) {
      String names = String.join(" and ", hosts.stream().map(URI::getHost).toList());
      throw new UnreachableException(
          request.offline()
              ? "Kubernetes " + request.version() + " is not in the store, and this bake is offline"
              : "the release hosts of Kubernetes, " + names + ", cannot be reached",
          "copy %s into a directory or onto a web server and name it with --kubernetes-mirror,"
                  .formatted(PinnedTarball.path(request))
              + " or use --kubernetes debian-source");
    }
    return candidates;
  }
}
