package io.hardbake.kubernetes;

import io.hardbake.debian.unpack.Unpacker;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.Store;
import io.hardbake.kubernetes.build.BuildInputs;
import io.hardbake.kubernetes.build.DebianBuild;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The sources in their order.
 *
 * <p>A mirror that somebody named is asked before the release host: it was named because that host
 * is far away or out of reach, and the pinned digest makes the bytes the same. Only then comes
 * debian-source, which is another version and says so.
 */
public final class KubernetesSources {
  private final TarballSource mirror;
  private final TarballSource release;
  private final KubernetesSource debian;
  private final Progress progress;

  private KubernetesSources(
      TarballSource mirror, TarballSource release, KubernetesSource debian, Progress progress) {
    this.mirror = mirror;
    this.release = release;
    this.debian = debian;
    this.progress = progress;
  }

  /** What debian-source would be built from: looked up in an archive, or read from a lock. */
  @FunctionalInterface
  public interface Ingredients {
    /** Called only when debian-source is wanted, and once for each time it is. */
    BuildInputs find() throws IOException, BakeException, InterruptedException;
  }

  /**
   * The sources as users have them.
   *
   * @param scratch a directory for work in progress, on a disk with some GiB free
   * @param ingredients for the architecture of this host, {@link DebianBuild#hostArchitecture()}
   */
  public static KubernetesSources of(
      Store store, Fetcher fetcher, Path scratch, Ingredients ingredients, Progress progress) {
    return of(
        store,
        fetcher,
        scratch,
        ReleaseSource.HOSTS,
        KubernetesPins.builtIn(),
        new DebianSource(
            store,
            scratch,
            ingredients,
            new DebianBuild(
                    fetcher::fetchAll,
                    new Unpacker(store),
                    scratch,
                    Runtime.getRuntime().availableProcessors(),
                    progress)
                ::compile),
        progress);
  }

  static KubernetesSources of(
      Store store,
      Fetcher fetcher,
      Path scratch,
      List<URI> releaseHosts,
      KubernetesPins pins,
      DebianSource debian,
      Progress progress) {
    PinnedTarball tarball = new PinnedTarball(store, fetcher, scratch, pins);
    return new KubernetesSources(
        new MirrorSource(tarball),
        new ReleaseSource(tarball, fetcher, releaseHosts),
        debian,
        progress);
  }

  /**
   * The binaries from the first source that has them; from the store without any network when they
   * were obtained before.
   *
   * @throws UnreachableException if no source that the request allows can be had, or if one that
   *     has it did not give all of it
   */
  public KubernetesBinaries obtain(KubernetesRequest request)
      throws IOException, BakeException, InterruptedException {
    List<UnreachableException> failures = new ArrayList<>();
    for (KubernetesSource source : pinnedSources(request)) {
      try {
        return source.obtain(request);
      } catch (UnreachableException e) {
        failures.add(e);
      }
    }
    return switch (request.choice()) {
      case DEBIAN_SOURCE -> debian.obtain(request);
      case AUTO -> {
        UnreachableException why = combined(request, failures);
        if (why.isCutOff()) {
          throw why;
        }
        yield standIn(request, why);
      }
      case RELEASE, MIRROR -> throw combined(request, failures);
    };
  }

  /**
   * Whether {@link #obtain} finds in the store what it asks for first: the release's binaries, or
   * those of debian-source where nothing else is wanted.
   */
  public boolean has(KubernetesRequest request)
      throws IOException, BakeException, InterruptedException {
    KubernetesSource first =
        request.choice() == KubernetesRequest.Choice.DEBIAN_SOURCE ? debian : release;
    return first.has(request);
  }

  /** What is fetched of a release, below its host or a mirror. */
  public static String tarball(KubernetesRequest request) {
    return PinnedTarball.path(request);
  }

  /**
   * Leaves the release's tarball below {@code directory}, laid out as the release host is, from the
   * first source that has it; one that is there and right stays.
   *
   * @throws UnreachableException if no source that the request allows has it; debian-source has
   *     none, and is not asked
   */
  public Path copyTarball(KubernetesRequest request, Path directory)
      throws IOException, BakeException, InterruptedException {
    List<UnreachableException> failures = new ArrayList<>();
    for (TarballSource source : pinnedSources(request)) {
      try {
        return source.copy(request, directory);
      } catch (UnreachableException e) {
        failures.add(e);
      }
    }
    throw combined(request, failures);
  }

  private List<TarballSource> pinnedSources(KubernetesRequest request) throws UsageException {
    boolean named = request.mirror().isPresent();
    if (request.choice() == KubernetesRequest.Choice.MIRROR && !named) {
      throw new UsageException(
          "--kubernetes mirror, but no mirror is named",
          "name a directory or a URL with --kubernetes-mirror");
    }
    return switch (request.choice()) {
      case DEBIAN_SOURCE -> List.of();
      case MIRROR -> List.of(mirror);
      case AUTO, RELEASE -> named ? List.of(mirror, release) : List.of(release);
    };
  }

  private KubernetesBinaries standIn(KubernetesRequest request, UnreachableException why)
      throws IOException, BakeException, InterruptedException {
    progress.warn(
        why.getMessage()
            + "; Debian's source package stands in, and everything is labelled with its version",
        why.remedy() + "; --kubernetes release insists on " + request.version());
    KubernetesBinaries binaries = debian.obtain(request);
    progress.warn(
        "baking Kubernetes %s (%s) instead of %s"
            .formatted(binaries.version(), binaries.origin(), request.version()),
        "nothing has to be done unless it must be " + request.version());
    return binaries;
  }

  /**
   * The last one's remedy is the broadest. Where one broke off it is another: whoever asks again in
   * a minute has it, and is not to get another Kubernetes instead.
   */
  private static UnreachableException combined(
      KubernetesRequest request, List<UnreachableException> failures) {
    List<String> problems = failures.stream().map(e -> String.valueOf(e.getMessage())).toList();
    UnreachableException last = failures.get(failures.size() - 1);
    boolean cutOff = failures.stream().anyMatch(UnreachableException::isCutOff);
    return new UnreachableException(
        "Kubernetes %s for %s cannot be had: %s"
            .formatted(request.version(), request.architecture(), String.join("; ", problems)),
        cutOff
            ? "it broke off on the way: run the same again; if it stays so, name a copy with"
                + " --kubernetes-mirror, or have Debian's compiled with --kubernetes debian-source"
            : last.remedy(),
        cutOff ? UnreachableException.Absence.NOWHERE : UnreachableException.Absence.UNKNOWN,
        last);
  }
}
