package io.hardbake.kubernetes;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import io.hardbake.fetch.Fetcher;
import io.hardbake.io.Pools;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
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

  /** A slow line or a busy machine takes seconds, and giving up means another Kubernetes. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  /** Once one has answered. */
  private static final Duration PATIENCE_WITH_OTHERS = Duration.ofSeconds(1);

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
  public boolean has(KubernetesRequest request) throws IOException, BakeException {
    return tarball.has(request);
  }

  @Override
  public Path copy(KubernetesRequest request, Path directory)
      throws IOException, BakeException, InterruptedException {
    return tarball.copy(request, () -> candidates(request), directory);
  }

  private List<URI> candidates(KubernetesRequest request)
      throws UnreachableException, UsageException, InterruptedException {
    if (request.offline()) {
      throw PinnedTarball.offline();
    }
    List<URI> candidates = answering(request);
    if (candidates.isEmpty()) {
      String names = String.join(" and ", hosts.stream().map(URI::getHost).toList());
      throw new UnreachableException(
          "the release hosts " + names + " do not answer",
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
  private List<URI> answering(KubernetesRequest request)
      throws UsageException, InterruptedException {
    List<URI> all = hosts.stream().map(host -> host.resolve(PinnedTarball.path(request))).toList();
    fetcher.requireProxies(all); // Who is not asked because of a typing error is not silent.
    ExecutorService threads = Pools.of("release-host", Math.max(1, all.size()));
    try {
      CompletionService<Optional<URI>> answers = new ExecutorCompletionService<>(threads);
      for (URI uri : all) {
        answers.submit(() -> fetcher.reachable(uri) ? Optional.of(uri) : Optional.empty());
      }
      Set<URI> answering = new HashSet<>();
      long end = System.nanoTime() + PATIENCE.toNanos();
      for (int asked = all.size(); asked > 0; asked--) {
        Future<Optional<URI>> next = answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (next == null) {
          break;
        }
        Optional<URI> one = result(next);
        if (one.isPresent()) {
          answering.add(one.get());
          end = Math.min(end, System.nanoTime() + PATIENCE_WITH_OTHERS.toNanos());
        }
      }
      return all.stream().filter(answering::contains).toList();
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> T result(Future<T> ended) throws InterruptedException {
    try {
      return ended.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
