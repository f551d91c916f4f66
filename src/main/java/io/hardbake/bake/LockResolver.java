package io.hardbake.bake;

import static java.util.Objects.requireNonNull;

import io.hardbake.debian.ArchiveSettings;
import io.hardbake.debian.BinaryPackage;
import io.hardbake.debian.DebianArchive;
import io.hardbake.debian.PackageIndex;
import io.hardbake.debian.SourcePackage;
import io.hardbake.debian.SourcePackage.SourceFile;
import io.hardbake.debian.resolve.Resolution;
import io.hardbake.debian.resolve.Resolver;
import io.hardbake.debian.trust.Keyring;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UnresolvableException;
import io.hardbake.fetch.Fetcher;
import io.hardbake.image.Architecture;
import io.hardbake.io.Size;
import io.hardbake.kubernetes.build.BuildInputs;
import io.hardbake.lock.Lock;
import io.hardbake.lock.Lock.ArchitectureLock;
import io.hardbake.lock.LockedFile;
import io.hardbake.lock.LockedKubernetes;
import io.hardbake.lock.LockedPackage;
import io.hardbake.lock.LockedRecipe;
import io.hardbake.progress.Progress;
import io.hardbake.recipe.KubernetesSettings;
import io.hardbake.recipe.Recipe;
import io.hardbake.recipe.RecipeBook;
import io.hardbake.recipe.Role;
import io.hardbake.recipe.Suggestion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes a lock out of recipes and the signed index as it stands now. */
final class LockResolver {
  private final Fetcher fetcher;
  private final Mirrors mirrors;
  private final Keyring keyring;
  private final Progress progress;

  LockResolver(Fetcher fetcher, Mirrors mirrors, Keyring keyring, Progress progress) {
    this.fetcher = fetcher;
    this.mirrors = mirrors;
    this.keyring = keyring;
    this.progress = progress;
  }

  /** Resolves every recipe of the book for every architecture. */
  Lock resolve(RecipeBook book, Collection<Architecture> architectures, Instant now)
      throws BakeException, InterruptedException {
    SortedMap<String, List<Recipe>> chains = LockInputs.chains(book);
    SortedMap<Architecture, ArchitectureLock> locks = new TreeMap<>();
    SortedMap<Architecture, LockedKubernetes.Toolchain> toolchains = new TreeMap<>();
    Optional<BuildInputs.Described> build = Optional.empty();
    SortedMap<String, Instant> suites = new TreeMap<>();
    Instant date = Instant.EPOCH;
    for (Architecture architecture : new TreeSet<>(architectures)) {
      Progress.Task task = progress.begin("resolving packages for " + architecture, Size.ZERO);
      try {
        Archives archives = new Archives(architecture, now);
        locks.put(architecture, resolve(chains, archives));
        Optional<BuildInputs.Described> own = buildInputs(archives);
        own.ifPresent(inputs -> toolchains.put(architecture, toolchain(inputs)));
        build = own.isPresent() ? own : build;
        for (Map.Entry<String, Instant> suite : archives.dates().entrySet()) {
          suites.merge(suite.getKey(), suite.getValue(), LockResolver::older);
          date = suite.getValue().isAfter(date) ? suite.getValue() : date;
        }
      } finally {
        task.close();
      }
    }
    LockedKubernetes kubernetes = kubernetes(book, build, toolchains);
    return new Lock(
        LockInputs.digest(book, keyring), date, suites, keyring.digest(), kubernetes, locks);
  }

  private static Instant older(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private LockedKubernetes kubernetes(
      RecipeBook book,
      Optional<BuildInputs.Described> build,
      SortedMap<Architecture, LockedKubernetes.Toolchain> toolchains)
      throws RecipeException {
    KubernetesSettings settings = SharedSettings.of(book).kubernetes();
    SortedMap<Architecture, String> tarballs = new TreeMap<>();
    for (Architecture architecture : Architecture.values()) {
      KubernetesSupply.pin(settings, architecture)
          .ifPresent(sha512 -> tarballs.put(architecture, sha512.hex()));
    }
    return new LockedKubernetes(
        settings.version().toString(),
        tarballs,
        build.map(
            inputs ->
                new LockedKubernetes.Build(
                    inputs.source().version().toString(),
                    file(inputs.source(), inputs.orig()),
                    file(inputs.source(), inputs.packaging()),
                    toolchains)));
  }

  /**
   * Not every archive has Kubernetes; then there is no stand-in, which matters only to who needs
   * one.
   */
  private Optional<BuildInputs.Described> buildInputs(Archives archives)
      throws BakeException, InterruptedException {
    try {
      return Optional.of(BuildInputs.describe(archives.any()));
    } catch (UnresolvableException e) {
      return Optional.empty();
    } catch (UnreachableException e) {
      // Mirrors without sources serve Debian's own table of contents, which names them.
      if (!e.saysWhoLacksIt()) {
        throw e;
      }
      progress.warn(
          "Kubernetes' source is not locked: " + e.getMessage(),
          "nothing needs doing where its release can be had; else lock again from a mirror that"
              + " has sources");
      return Optional.empty();
    }
  }

  private static LockedKubernetes.Toolchain toolchain(BuildInputs.Described inputs) {
    return new LockedKubernetes.Toolchain(
        inputs.compiler().version().toString(),
        file(inputs.compiler()),
        file(inputs.library()),
        file(inputs.reflect2()));
  }

  /** Ancestors come first, so that a recipe builds on what they resolved to, version by version. */
  private static ArchitectureLock resolve(SortedMap<String, List<Recipe>> chains, Archives archives)
      throws BakeException, InterruptedException {
    SortedMap<String, LockedPackage> packages = new TreeMap<>();
    SortedMap<String, LockedRecipe> recipes = new TreeMap<>();
    List<List<Recipe>> ancestorsFirst = new ArrayList<>(chains.values());
    ancestorsFirst.sort(Comparator.comparingInt(List::size));
    for (List<Recipe> chain : ancestorsFirst) {
      Role role = new Role(chain);
      PackageIndex index = archives.index(role.debian().suite());
      SortedSet<String> requested = new TreeSet<>();
      List<String> request = new ArrayList<>();
      if (chain.size() > 1) {
        LockedRecipe parent = requireNonNull(recipes.get(chain.get(chain.size() - 2).name()));
        requested.addAll(parent.requested());
        parent
            .packages()
            .forEach(
                name -> request.add(name + "=" + requireNonNull(packages.get(name)).version()));
      }
      List<String> named = role.recipe().packages(index.architecture());
      request.addAll(named);
      index.essential().forEach(each -> requested.add(each.name()));
      Resolution resolution = resolve(role, request, index);
      named.forEach(word -> requested.add(resolution.answer(word)));
      for (BinaryPackage each : resolution.packages()) {
        LockedPackage other = packages.put(each.name(), locked(each));
        if (other != null && !other.version().equals(each.version().toString())) {
          throw new UnresolvableException(
              "recipe %s needs %s, but other recipes need version %s"
                  .formatted(role.name(), each, other.version()),
              "give all recipes the same debian.suite, or keep them in separate projects");
        }
      }
      recipes.put(role.name(), new LockedRecipe(requested, new TreeSet<>(resolution.names())));
      if (role.recipe().boot().kernel().isPresent()) {
        addBootInputs(role, index, packages, recipes);
      }
    }
    return new ArchitectureLock(packages, recipes);
  }

  /** Boot inputs are not installed, so what they depend on is of no interest. */
  private static void addBootInputs(
      Role machine,
      PackageIndex index,
      SortedMap<String, LockedPackage> packages,
      SortedMap<String, LockedRecipe> recipes)
      throws UnresolvableException {
    SortedSet<String> names = BootInputs.names(index.architecture());
    for (String name : names) {
      Optional<BinaryPackage> candidate = index.candidate(name);
      if (candidate.isEmpty()) {
        throw new UnresolvableException(
            "%s: disks are made with the package %s, which %s for %s does not have"
                .formatted(
                    machine.recipe().at(), name, machine.debian().suite(), index.architecture()),
            "choose another suite, or bake without disks: remove machine: from the recipes");
      }
      packages.putIfAbsent(name, locked(candidate.get()));
    }
    recipes.put(BootInputs.LOCKED_AS, new LockedRecipe(names, names));
  }

  private static Resolution resolve(Role role, List<String> request, PackageIndex index)
      throws UnresolvableException {
    for (String name : role.recipe().packages(index.architecture())) {
      if (index.candidate(name).isEmpty() && index.providers(name).isEmpty()) {
        throw new UnresolvableException(
            "%s: there is no package %s for %s in %s"
                .formatted(role.mention(name), name, index.architecture(), role.debian().suite()),
            Suggestion.among(index.names(), name) + "correct its name, or choose another suite");
      }
    }
    try {
      return Resolver.resolve(index, request);
    } catch (UnresolvableException e) {
      throw new UnresolvableException(role.recipe().at() + ": " + e.getMessage(), e.remedy(), e);
    }
  }

  private static LockedPackage locked(BinaryPackage each) {
    return new LockedPackage(
        each.name(), each.version().toString(), installedSize(each), file(each));
  }

  private static LockedFile file(BinaryPackage each) {
    return new LockedFile(
        Mirrors.archiveOf(each.origin()), each.path(), each.size(), each.sha256());
  }

  private static LockedFile file(SourcePackage source, SourceFile file) {
    return new LockedFile(
        Mirrors.archiveOf(source.origin()),
        source.directory() + "/" + file.name(),
        file.size(),
        file.sha256());
  }

  /**
   * Installed-Size is in KiB (deb-control(5)), and only an estimate; a package may leave it out.
   */
  private static Size installedSize(BinaryPackage each) {
    return each.paragraph()
        .get("Installed-Size")
        .filter(text -> text.matches("[0-9]{1,12}"))
        .map(text -> Size.kib(Long.parseLong(text)))
        .orElse(Size.ZERO);
  }

  /** The verified archives of one architecture, each read once. */
  private final class Archives {
    private final Architecture architecture;
    private final Instant now;
    private final SortedMap<String, DebianArchive> bySuite = new TreeMap<>();

    Archives(Architecture architecture, Instant now) {
      this.architecture = architecture;
      this.now = now;
    }

    PackageIndex index(String suite) throws BakeException, InterruptedException {
      DebianArchive archive = bySuite.get(suite);
      if (archive == null) {
        ArchiveSettings settings =
            ArchiveSettings.debian(suite, mirrors.mirror(), architecture).withKeyring(keyring);
        archive = DebianArchive.open(settings, fetcher, now);
        bySuite.put(suite, archive);
      }
      return archive.binaries();
    }

    /** One of those that were opened. */
    DebianArchive any() {
      return requireNonNull(bySuite.get(bySuite.firstKey()));
    }

    /** Of every suite that was read. */
    SortedMap<String, Instant> dates() {
      SortedMap<String, Instant> dates = new TreeMap<>();
      for (DebianArchive archive : bySuite.values()) {
        archive.dates().forEach((suite, date) -> dates.merge(suite, date, LockResolver::older));
      }
      return dates;
    }
  }
}
