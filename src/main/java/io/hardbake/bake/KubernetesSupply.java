package io.hardbake.bake;

import static java.util.Objects.requireNonNull;

import io.hardbake.debian.ArchiveSettings;
import io.hardbake.debian.DebianArchive;
import io.hardbake.debian.trust.Keyring;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UnresolvableException;
import io.hardbake.fetch.Download;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.Store;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha512;
import io.hardbake.io.Size;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.kubernetes.KubernetesPins;
import io.hardbake.kubernetes.KubernetesRequest;
import io.hardbake.kubernetes.KubernetesSources;
import io.hardbake.kubernetes.build.BuildInputs;
import io.hardbake.kubernetes.build.DebianBuild;
import io.hardbake.lock.Lock;
import io.hardbake.lock.LockedFile;
import io.hardbake.lock.LockedKubernetes;
import io.hardbake.progress.Progress;
import io.hardbake.recipe.KubernetesSettings;
import io.hardbake.recipe.RecipeBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Kubernetes' binaries for a lock, from whichever source answers first. */
final class KubernetesSupply {
  /** Of a release's tarball; no lock or pin says it, and they differ little. */
  private static final String TARBALL_SIZE = "350 to 400 MB";

  private final Store store;
  private final Fetcher fetcher;
  private final Mirrors mirrors;
  private final Keyring keyring;
  private final BakeOptions options;
  private final Progress progress;

  KubernetesSupply(
      Store store,
      Fetcher fetcher,
      Mirrors mirrors,
      Keyring keyring,
      BakeOptions options,
      Progress progress) {
    this.store = store;
    this.fetcher = fetcher;
    this.mirrors = mirrors;
    this.keyring = keyring;
    this.options = options;
    this.progress = progress;
  }

  /** The digest of the release's server tarball: the recipe's, else hardbake's own. */
  static Optional<Sha512> pin(KubernetesSettings settings, Architecture architecture) {
    Sha512 own = settings.sha512().get(architecture);
    return own != null
        ? Optional.of(own)
        : KubernetesPins.builtIn()
            .find(settings.version(), architecture)
            .map(KubernetesPins.Pin::serverTarball);
  }

  KubernetesBinaries obtain(Lock lock, RecipeBook book, Architecture architecture)
      throws BakeException, IOException, InterruptedException {
    return sources(lock, book).obtain(request(lock, book, architecture));
  }

  /**
   * Leaves the release's tarball below {@code directory}, laid out as the release host is.
   *
   * @return what a bake needs instead, where no tarball can be had and debian-source may stand in:
   *     files of Debian's archive; none where the tarball is there
   */
  List<LockedFile> copy(Lock lock, RecipeBook book, Architecture architecture, Path directory)
      throws BakeException, IOException, InterruptedException {
    KubernetesRequest request = request(lock, book, architecture);
    Optional<LockedKubernetes.Build> build = lock.kubernetes().debianSource();
    if (request.choice() == KubernetesRequest.Choice.DEBIAN_SOURCE) {
      return files(build.orElseThrow(this::withoutSource));
    }
    try {
      sources(lock, book).copyTarball(request, directory);
      return List.of();
    } catch (UnreachableException e) {
      if (e.isCutOff() || request.choice() != KubernetesRequest.Choice.AUTO || build.isEmpty()) {
        throw e;
      }
      progress.warn(
          e.getMessage() + "; what debian-source compiles is copied instead",
          e.remedy() + "; --kubernetes release insists on " + request.version());
      return files(build.get());
    }
  }

  private UnresolvableException withoutSource() {
    return new UnresolvableException(
        "the Debian archive of the lock does not have Kubernetes' source or Go, which debian-source"
            + " is built from",
        "use the official release through --kubernetes-mirror, or renew the lock from a mirror of"
            + " Debian 12 (bookworm), which has both: "
            + options.lockCommand());
  }

  /** What {@link #obtain} would fetch, in lines for a plan; none where the store has it. */
  List<String> missing(Lock lock, RecipeBook book, Architecture architecture)
      throws BakeException, IOException, InterruptedException {
    KubernetesRequest request = request(lock, book, architecture);
    KubernetesSources sources = sources(lock, book);
    boolean known =
        request.choice() != KubernetesRequest.Choice.DEBIAN_SOURCE
            || isLockedFor(DebianBuild.hostArchitecture(), lock);
    if (known && sources.has(request)) {
      return List.of();
    }
    if (request.choice() == KubernetesRequest.Choice.DEBIAN_SOURCE) {
      return List.of("Kubernetes as Debian has it: " + ingredients(lock));
    }
    List<String> lines = new ArrayList<>();
    lines.add("%s, %s".formatted(KubernetesSources.tarball(request), TARBALL_SIZE));
    if (request.choice() == KubernetesRequest.Choice.AUTO) {
      lines.add(
          "where no host has it, Kubernetes as Debian has it instead: "
              + standIn(lock, sources, request));
    }
    return lines;
  }

  private String standIn(Lock lock, KubernetesSources sources, KubernetesRequest request)
      throws BakeException, IOException, InterruptedException {
    try {
      boolean compiled =
          isLockedFor(DebianBuild.hostArchitecture(), lock)
              && sources.has(request.withChoice(KubernetesRequest.Choice.DEBIAN_SOURCE));
      return compiled ? "nothing, it is in the store" : ingredients(lock);
    } catch (HostException e) {
      // It may well be that the release can be had.
      return "not on this host, on which it cannot be compiled";
    }
  }

  /** Brings into the store what debian-source is built from on this host. */
  void fetchSource(Lock lock, RecipeBook book) throws BakeException, InterruptedException {
    fetcher.fetchAll(inputs(lock, book).downloads());
  }

  /** What debian-source lacks, with its size. */
  private String ingredients(Lock lock) throws IOException, BakeException {
    Architecture host = DebianBuild.hostArchitecture();
    Optional<LockedKubernetes.Build> build = lock.kubernetes().debianSource();
    if (build.isEmpty() || !build.get().toolchains().containsKey(host)) {
      return "its source and Go, of which the lock says nothing";
    }
    LockedKubernetes.Toolchain toolchain = requireNonNull(build.get().toolchains().get(host));
    int count = 0;
    Size size = Size.ZERO;
    for (LockedFile file :
        List.of(
            build.get().orig(),
            build.get().packaging(),
            toolchain.compiler(),
            toolchain.library(),
            toolchain.reflect2())) {
      if (store.find(file.sha256()).isEmpty()) {
        count++;
        size = size.plus(file.size());
      }
    }
    return "%d files, its source and Go, %s".formatted(count, size);
  }

  /** What debian-source is built from, as the lock has it. */
  static List<LockedFile> sourceFiles(Lock lock) {
    return lock.kubernetes().debianSource().map(KubernetesSupply::files).orElse(List.of());
  }

  /** For hosts of every architecture: where the mirror is taken to is not known. */
  private static List<LockedFile> files(LockedKubernetes.Build build) {
    List<LockedFile> files = new ArrayList<>(List.of(build.orig(), build.packaging()));
    for (LockedKubernetes.Toolchain toolchain : build.toolchains().values()) {
      files.addAll(List.of(toolchain.compiler(), toolchain.library(), toolchain.reflect2()));
    }
    return files;
  }

  private KubernetesSources sources(Lock lock, RecipeBook book) {
    return KubernetesSources.of(
        store, fetcher, options.output().resolve("work"), () -> inputs(lock, book), progress);
  }

  private KubernetesRequest request(Lock lock, RecipeBook book, Architecture architecture)
      throws RecipeException {
    KubernetesSettings settings = SharedSettings.of(book).kubernetes();
    BakeOptions.Sources sources = options.sources();
    return new KubernetesRequest(
        settings.version(),
        architecture,
        sources.kubernetes(),
        sources.kubernetesMirror().or(settings::mirror),
        Optional.ofNullable(lock.kubernetes().tarballs().get(architecture)).map(Sha512::new),
        sources.offline());
  }

  /**
   * What debian-source is built from: as the lock has it. A lock for other architectures than this
   * host's has no compiler for it; that comes from the archive as it is now, unless nothing may be
   * used but what is locked.
   */
  private BuildInputs inputs(Lock lock, RecipeBook book)
      throws BakeException, InterruptedException {
    Architecture host = DebianBuild.hostArchitecture();
    Optional<LockedKubernetes.Build> build = lock.kubernetes().debianSource();
    if (isLockedFor(host, lock)) {
      return inputs(build.orElseThrow(), host, lock.date());
    }
    if (options.sources().locked()) {
      throw new UnresolvableException(
          "the lock has no compiler of Kubernetes that runs on " + host,
          "lock it, too: " + options.lockCommand(archesWith(host, lock)));
    }
    String suite = requireNonNull(book.roles().get(book.roles().firstKey())).debian().suite();
    DebianArchive archive =
        DebianArchive.open(
            ArchiveSettings.debian(suite, mirrors.mirror(), host).withKeyring(keyring),
            fetcher,
            Instant.now());
    LockKeeper.refuseThePast(lock, archive.dates());
    BuildInputs now = BuildInputs.of(archive);
    return build.isEmpty()
        ? now
        : now.withSource(
            build.get().version(),
            download(build.get().orig(), lock.date()),
            download(build.get().packaging(), lock.date()));
  }

  private static boolean isLockedFor(Architecture host, Lock lock) {
    return lock.kubernetes()
        .debianSource()
        .map(build -> build.toolchains().containsKey(host))
        .orElse(false);
  }

  private static Set<Architecture> archesWith(Architecture host, Lock lock) {
    Set<Architecture> all = new TreeSet<>(lock.architectures().keySet());
    all.add(host);
    return all;
  }

  private BuildInputs inputs(LockedKubernetes.Build build, Architecture host, Instant date) {
    LockedKubernetes.Toolchain toolchain = requireNonNull(build.toolchains().get(host));
    return new BuildInputs(
        build.version(),
        download(build.orig(), date),
        download(build.packaging(), date),
        toolchain.version(),
        download(toolchain.compiler(), date),
        download(toolchain.library(), date),
        download(toolchain.reflect2(), date));
  }

  private Download download(LockedFile file, Instant date) {
    return mirrors.download(file, date);
  }
}
