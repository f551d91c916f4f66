package io.hardbake.kubernetes;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.fetch.Fetcher;
import io.hardbake.io.Pools;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The project's own download hosts. */
final class ReleaseSource implements TarballSource {
  /** The host of today, and the bucket behind it that the tutorial names. */
  static final List<URI> HOSTS =
      List.of(
          URI.create("https://dl.k8s.io/"),
          URI.create("https://storage.googleapis.com/kubernetes-release/release/"));

  private static final Duration PATIENCE = Duration.ofSeconds(3);

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

  @Override
  public Path copy(KubernetesRequest request, Path directory)
      throws IOException, BakeException, InterruptedException {
    return tarball.copy(request, () -> candidates(request), directory);
  }

  private List<URI> candidates(KubernetesRequest request)
      throws UnreachableException, InterruptedException {
    List<URI> candidates = request.offline() ? List.of() : answering(request);
    if (candidates.isEmpty()) {
      String names = String.join(" and ", hosts.stream().map(URI::getHost).toList());
      throw new UnreachableException(
          request.offline()
              ? "it is not in the store, and this bake is offline"
              : "the release hosts " + names + " do not answer",
          "copy %s into a directory or onto a web server and name it with --kubernetes-mirror,"
                  .formatted(PinnedTarball.path(request))
              + " or use --kubernetes debian-source");
    }
    return candidates;
  }

  /**
   * The hosts that answer, asked all at once and not for long: a download is tried again for
   * minutes, but whoever sits behind a wall should learn it now. The limit is kept here because a
   * name server that is silent holds up a connection before its own limit begins.
   */
  private List<URI> answering(KubernetesRequest request) throws InterruptedException {
    List<URI> all = hosts.stream().map(host -> host.resolve(PinnedTarball.path(request))).toList();
    ExecutorService threads = Pools.of("release-host", Math.max(1, all.size()));
    try {
      List<Callable<Boolean>> questions = new ArrayList<>();
      all.forEach(uri -> questions.add(() -> fetcher.reachable(uri)));
      List<Future<Boolean>> answers =
          threads.invokeAll(questions, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      List<URI> answering = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        if (yes(answers.get(i))) {
          answering.add(all.get(i));
        }
      }
      return answering;
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean yes(Future<Boolean> answer) throws InterruptedException {
    try {
      return !answer.isCancelled() && answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
