package io.hardbake.bake;

import static java.util.Objects.requireNonNull;

import io.hardbake.bake.BakeReport.BakedRole;
import io.hardbake.debian.Mirror;
import io.hardbake.debian.trust.Keyring;
import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.fetch.FetchSettings;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.Store;
import io.hardbake.image.Architecture;
import io.hardbake.image.Artifact;
import io.hardbake.image.Image;
import io.hardbake.image.Manifest;
import io.hardbake.io.AtomicFile;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.lock.Lock;
import io.hardbake.lock.LockFile;
import io.hardbake.lock.LockedPackage;
import io.hardbake.oci.OciArchive;
import io.hardbake.progress.Progress;
import io.hardbake.recipe.Recipe;
import io.hardbake.recipe.RecipeBook;
import io.hardbake.recipe.Role;
import io.hardbake.settle.Settled;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.template.Templates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Future;

/** Runs a bake from recipes to files under their final names. */
public final class Baker {
  private final BakeOptions options;
  private final RecipeBook book;
  private final List<Role> roles;
  private final Store store;
  private final PackageSupply packages;
  private final KubernetesSupply kubernetes;
  private final LockKeeper locks;
  private final Progress progress;

  private Baker(BakeOptions options, Map<String, String> environment, Progress progress)
      throws BakeException, IOException {
    this.options = options;
    this.progress = progress;
    this.book = RecipeBook.load(options.images(), options.templates());
    this.roles = roles(book, options);
    this.store = Store.open(Store.defaultRoot(environment));
    boolean offline = options.sources().offline();
    Fetcher fetcher =
        Fetcher.of(store, progress, FetchSettings.of(environment).withOffline(offline));
    Mirrors mirrors = new Mirrors(mirror(options, roles.get(0)));
    Optional<Path> ownKeyring = options.sources().keyring();
    Keyring keyring = ownKeyring.isPresent() ? Keyring.read(ownKeyring.get()) : Keyring.debian();
    this.packages = new PackageSupply(store, fetcher, mirrors);
    this.kubernetes = new KubernetesSupply(store, fetcher, mirrors, keyring, options, progress);
    LockResolver resolver = new LockResolver(fetcher, mirrors, keyring, progress);
    this.locks =
        new LockKeeper(new LockFile(options.lockFile()), resolver, keyring, options, progress);
  }

  /**
   * Reads the recipes and opens the store; nothing is fetched yet.
   *
   * @param environment the process's: it names proxies and the store
   */
  public static Baker of(BakeOptions options, Map<String, String> environment, Progress progress)
      throws BakeException, IOException {
    return new Baker(options, environment, progress);
  }

  private static List<Role> roles(RecipeBook book, BakeOptions options) throws BakeException {
    List<Role> roles = new ArrayList<>();
    for (String name : options.roles()) {
      roles.add(book.role(name));
    }
    if (roles.isEmpty()) {
      roles.addAll(book.roles().values());
    }
    if (roles.isEmpty()) {
      throw new RecipeException(
          options.images() + " has no recipe that can be baked",
          "add one, such as: {from: base, packages: [nginx]} in " + options.images() + "/web.yaml");
    }
    return List.copyOf(roles);
  }

  /** The command line's mirrors, else the recipe's, else the host's or the public ones. */
  private static Mirror mirror(BakeOptions options, Role role) {
    BakeOptions.Sources sources = options.sources();
    return Mirror.choose(
        role.debian().suite(),
        sources.mirrors().isEmpty() ? role.debian().mirror().stream().toList() : sources.mirrors(),
        sources.securityMirrors().isEmpty()
            ? role.debian().securityMirror().stream().toList()
            : sources.securityMirrors(),
        Path.of("/"));
  }

  /** Resolves anew and rewrites the lock; the result in words. */
  public List<String> lock() throws BakeException, IOException, InterruptedException {
    Lock lock = locks.renew(book);
    List<String> lines = new ArrayList<>();
    lock.architectures()
        .forEach(
            (architecture, part) ->
                lines.add("%s: %d packages".formatted(architecture, part.packages().size())));
    lines.add("wrote %s, from the archive of %s".formatted(options.lockFile(), lock.date()));
    return lines;
  }

  /** What a bake would do. */
  public Plan plan() throws BakeException, IOException, InterruptedException {
    return Plan.of(locks.obtain(book), roles, options, packages);
  }

  /** Bakes the roles that were asked for. */
  public BakeReport bake() throws BakeException, IOException, InterruptedException {
    options.requireOutput();
    Stopwatch watch = new Stopwatch(progress);
    try (Workers workers = new Workers(options.jobs())) {
      Lock lock = watch.time("reading the lock", () -> locks.obtain(book).lock());
      Lock usable = watch.time("fetching packages", () -> fetched(lock));
      locks.keep(usable);
      SortedMap<Architecture, KubernetesBinaries> binaries = new TreeMap<>();
      List<BakedRole> baked = new ArrayList<>();
      for (Architecture architecture : options.architectures().stream().sorted().toList()) {
        BakedArchitecture one = bake(architecture, usable, workers, watch);
        binaries.put(architecture, one.kubernetes());
        baked.addAll(one.roles());
      }
      BakeReport report = new BakeReport(usable, binaries, baked, watch.seconds());
      report.write(options.output().resolve("bake.json"));
      return report;
    }
  }

  /**
   * Fetches all packages of the lock. Mirrors drop old versions; where the snapshot archive cannot
   * help either, the lock has to move on.
   *
   * @return the lock whose packages are in the store
   */
  private Lock fetched(Lock lock) throws BakeException, IOException, InterruptedException {
    try {
      fetch(lock);
      return lock;
    } catch (UnreachableException gone) {
      if (options.sources().locked() || options.sources().offline()) {
        throw gone;
      }
      Lock renewed = renewedAfter(gone, lock);
      fetch(renewed);
      progress.warn(
          "the lock had to move on, since " + gone.getMessage(),
          "review and commit " + options.lockFile() + "; --locked fails instead");
      return renewed;
    }
  }

  private Lock renewedAfter(UnreachableException gone, Lock lock)
      throws BakeException, IOException, InterruptedException {
    Lock renewed;
    try {
      renewed = locks.resolve(book);
    } catch (UnreachableException e) {
      gone.addSuppressed(e);
      throw gone;
    }
    if (renewed.equals(lock)) {
      throw gone;
    }
    return renewed;
  }

  private void fetch(Lock lock) throws BakeException, InterruptedException {
    for (Architecture architecture : options.architectures()) {
      packages.fetch(lockedPackages(lock, architecture), lock.date());
    }
  }

  /** The packages of the roles asked for, by name, and those of their machines. */
  private List<LockedPackage> lockedPackages(Lock lock, Architecture architecture) {
    List<LockedPackage> all = new ArrayList<>(Plan.packages(lock, roles, architecture));
    if (options.machines()) {
      all.addAll(Plan.machinePackages(lock, roles, architecture));
    }
    return all;
  }

  private record BakedArchitecture(KubernetesBinaries kubernetes, List<BakedRole> roles) {}

  private record Assembled(
      KubernetesBinaries kubernetes, Map<String, Settled> settled, List<Image> images) {}

  private BakedArchitecture bake(
      Architecture architecture, Lock lock, Workers workers, Stopwatch watch)
      throws BakeException, IOException, InterruptedException {
    Assembled assembled = assemble(architecture, lock, workers, watch);
    List<BakedRole> baked =
        watch.time(
            "writing",
            () ->
                workers.map(
                    assembled.images(),
                    (image, i) ->
                        baked(image, requireNonNull(assembled.settled().get(image.role())))));
    return new BakedArchitecture(assembled.kubernetes(), baked);
  }

  /** Settling does not need Kubernetes, so it does not wait for a build or a slow release host. */
  private Assembled assemble(Architecture architecture, Lock lock, Workers workers, Stopwatch watch)
      throws BakeException, IOException, InterruptedException {
    Future<KubernetesBinaries> obtained =
        workers.start(
            () -> watch.time("Kubernetes", () -> kubernetes.obtain(lock, book, architecture)));
    SortedMap<String, UnpackedPackage> unpacked =
        watch.time("unpacking", () -> packages.unpack(lockedPackages(lock, architecture), workers));
    ImageAssembler assembler =
        new ImageAssembler(architecture, lock, unpacked, Templates.of(options.templates()));
    Map<String, Settled> settled = watch.time("settling", () -> settle(assembler, workers));
    KubernetesBinaries binaries = Workers.get(obtained);
    List<Image> images =
        watch.time(
            "assembling",
            () -> workers.map(roles, (role, i) -> assembler.assemble(role, settled, binaries)));
    if (!options.machines()) {
      return new Assembled(binaries, settled, images);
    }
    MachineAssembler machines = new MachineAssembler(lock, new BootInputs(unpacked, architecture));
    List<Image> withMachines =
        watch.time(
            "assembling machines",
            () ->
                workers.map(
                    roles,
                    (role, i) ->
                        role.machine().isEmpty()
                            ? images.get(i)
                            : assembler.assembleMachine(
                                images.get(i), role.machine().get(), settled, binaries, machines)));
    return new Assembled(binaries, settled, withMachines);
  }

  /** The images of the roles asked for, in memory; nothing is written but the lock. */
  List<Image> images(Architecture architecture)
      throws BakeException, IOException, InterruptedException {
    Stopwatch watch = new Stopwatch(progress);
    try (Workers workers = new Workers(options.jobs())) {
      Lock usable = fetched(locks.obtain(book).lock());
      locks.keep(usable);
      return assemble(architecture, usable, workers, watch).images();
    }
  }

  private BakedRole baked(Image image, Settled settled)
      throws BakeException, IOException, InterruptedException {
    List<Unconfigured> left = settled.unconfigured();
    left.forEach(each -> warn(image, each));
    return new BakedRole(image, write(image), left);
  }

  /** Settles every recipe of the roles' chains, by its name, side by side. */
  private Map<String, Settled> settle(ImageAssembler assembler, Workers workers)
      throws BakeException, IOException, InterruptedException {
    SortedMap<String, List<Recipe>> chains = new TreeMap<>();
    for (Role role : roles) {
      Role whole = options.machines() ? role.machine().orElse(role) : role;
      for (int depth = 1; depth <= whole.chain().size(); depth++) {
        List<Recipe> chain = whole.chain().subList(0, depth);
        chains.put(chain.get(depth - 1).name(), chain);
      }
    }
    List<Settled> results =
        workers.map(List.copyOf(chains.values()), (chain, i) -> assembler.settle(chain));
    Map<String, Settled> settled = new HashMap<>();
    int next = 0;
    for (String name : chains.keySet()) {
      settled.put(name, results.get(next++));
    }
    return settled;
  }

  private void warn(Image image, Unconfigured left) {
    progress.warn(
        "%s: %s is left to be configured at first boot: %s"
            .formatted(image.fileStem(), left.packageName(), left.reason()),
        "nothing needs doing; the machine runs dpkg --configure -a before its services start");
  }

  private List<Artifact> write(Image image)
      throws BakeException, IOException, InterruptedException {
    OciArchive archive =
        new OciArchive(
            (kind, key, filler) -> store.derived(kind, key, filler::fill),
            progress,
            options.jobs());
    Artifact artifact = archive.emit(image, options.output().resolve("images"));
    Path manifest = options.output().resolve("manifests").resolve(image.fileStem() + ".txt");
    AtomicFile.write(manifest, Manifest.of(image.tree())::write);
    return List.of(artifact);
  }
}
