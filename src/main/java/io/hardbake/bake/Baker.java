package io.hardbake.bake;

import static java.util.Objects.requireNonNull;

import io.hardbake.attestation.SigningKey;
import io.hardbake.bake.BakeReport.BakedRole;
import io.hardbake.bake.Statements.Inputs;
import io.hardbake.debian.Mirror;
import io.hardbake.debian.trust.Keyring;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.RecipeException;
import io.hardbake.fetch.FetchSettings;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.Store;
import io.hardbake.fetch.StoreLocation;
import io.hardbake.image.Architecture;
import io.hardbake.image.Artifact;
import io.hardbake.image.Image;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.lock.Lock;
import io.hardbake.lock.LockFile;
import io.hardbake.lock.LockedFile;
import io.hardbake.lock.LockedPackage;
import io.hardbake.progress.Progress;
import io.hardbake.recipe.RecipeBook;
import io.hardbake.recipe.Role;
import io.hardbake.settle.Settled;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.template.Templates;
import io.hardbake.vagrant.Box;
import io.hardbake.vagrant.Catalog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Runs a bake from recipes to files under their final names. */
public final class Baker {
  private final BakeOptions options;
  private final RecipeBook book;
  private final List<Role> roles;
  private final Store store;
  private final PackageSupply packages;
  private final KubernetesSupply kubernetes;
  private final Templates templates;
  private final Assembly assembly;
  private final LockKeeper locks;
  private final Fetcher fetcher;
  private final Mirrors mirrors;
  private final Keyring keyring;
  private final Optional<SigningKey> signingKey;
  private final Progress progress;

  private Baker(BakeOptions options, Map<String, String> environment, Progress progress)
      throws BakeException, IOException {
    this.options = options;
    this.progress = progress;
    this.book = RecipeBook.load(options.images(), options.templates());
    this.roles = roles(book, options);
    Optional<Path> keyFile = options.signKey();
    this.signingKey =
        keyFile.isPresent() ? Optional.of(SigningKey.read(keyFile.get())) : Optional.empty();
    this.store = openStore(options, environment, progress);
    boolean offline = options.sources().offline();
    this.fetcher =
        Fetcher.of(
            store,
            progress,
            FetchSettings.of(environment)
                .withOffline(offline)
                .withPatience(options.sources().patience()));
    this.mirrors = new Mirrors(mirror(options, roles), environment);
    Optional<Path> ownKeyring = options.sources().keyring();
    this.keyring = ownKeyring.isPresent() ? Keyring.read(ownKeyring.get()) : Keyring.debian();
    this.packages = new PackageSupply(store, fetcher, mirrors);
    this.kubernetes = new KubernetesSupply(store, fetcher, mirrors, keyring, options, progress);
    this.templates = Templates.of(options.templates(), new SourceFiles(store)::read);
    this.assembly = new Assembly(options, roles, store, packages, templates);
    LockResolver resolver = new LockResolver(fetcher, mirrors, keyring, progress);
    LockFile lockFile = new LockFile(options.lockFile(), options.lockCommand());
    this.locks = new LockKeeper(lockFile, resolver, keyring, options, progress);
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

  /** Where the store is for who has no home to keep it in: with the results. */
  public static Path ownStore(Path output) {
    return output.resolve("cache");
  }

  private static Store openStore(
      BakeOptions options, Map<String, String> environment, Progress progress) throws IOException {
    StoreLocation location = StoreLocation.of(environment, ownStore(options.output()));
    if (location.lacking().isPresent()) {
      progress.warn(
          "%s cannot be made, so what is fetched is kept in %s"
              .formatted(location.lacking().get(), location.root()),
          "nothing needs doing; HARDBAKE_CACHE names another directory");
    }
    return Store.open(location.root(), progress);
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

  /** Refuses to make nothing of a role for an architecture; a lock is for any format. */
  private void requireOutputs() throws BakeException {
    for (Role role : roles) {
      for (Architecture architecture : options.architectures()) {
        Outputs.requireAny(options, role, architecture);
      }
    }
  }

  /** The command line's mirrors, else the recipes', else the host's or the public ones. */
  private static Mirror mirror(BakeOptions options, List<Role> roles) throws RecipeException {
    BakeOptions.Sources sources = options.sources();
    SharedSettings shared = new SharedSettings(roles);
    return Mirror.choose(
        roles.get(0).debian().suite(),
        sources.mirrors().isEmpty() ? shared.debianMirror().stream().toList() : sources.mirrors(),
        sources.securityMirrors().isEmpty()
            ? shared.debianSecurityMirror().stream().toList()
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

  /**
   * Copies into a directory all that these bakes take from a network, as mirrors have it; see
   * {@link MirrorCopy}. A lock that is made from the copy can be baked from it too.
   *
   * @return the result in words, and how to use it
   */
  public List<String> mirror(Path directory)
      throws BakeException, IOException, InterruptedException {
    requireOutputs();
    MirrorCopy copy = new MirrorCopy(directory, fetcher, mirrors, options.lockCommand(), progress);
    Lock obtained = locks.obtain(book).lock();
    Set<Architecture> all = obtained.architectures().keySet();
    for (String suite : new TreeSet<>(roles.stream().map(role -> role.debian().suite()).toList())) {
      copy.indexes(suite, all, keyring);
    }
    Lock usable = locks.fetched(obtained, book, each -> copyPackages(each, copy));
    boolean fromSource =
        locks.use(
            usable, book, each -> copyWithSource(each, copy), each -> complete(each, all, copy));
    return copy.result(fromSource);
  }

  /**
   * Copies what a lock needs beside its packages, and all that a lock made from the copy needs.
   *
   * @return whether Kubernetes has to be compiled
   */
  private boolean complete(Lock lock, Set<Architecture> all, MirrorCopy copy)
      throws BakeException, IOException, InterruptedException {
    locks.keep(lock);
    LockResolver inCopy =
        new LockResolver(fetcher, new Mirrors(copy.asMirror(), Map.of()), keyring, progress);
    boolean fromSource = false;
    Lock renewed = inCopy.resolve(book, all, Instant.now());
    boolean same = renewed.equals(lock);
    if (!same) {
      copyPackages(renewed, copy);
    }
    for (Lock each : same ? List.of(lock) : List.of(lock, renewed)) {
      for (Architecture architecture : options.architectures()) {
        List<LockedFile> instead = kubernetes.copy(each, book, architecture, copy.kubernetes());
        copy.files(instead, each.date());
        fromSource |= !instead.isEmpty();
      }
    }
    return fromSource;
  }

  private void copyWithSource(Lock lock, MirrorCopy copy)
      throws BakeException, IOException, InterruptedException {
    copyPackages(lock, copy);
    copy.files(KubernetesSupply.sourceFiles(lock), lock.date());
  }

  private void copyPackages(Lock lock, MirrorCopy copy)
      throws BakeException, IOException, InterruptedException {
    for (Architecture architecture : options.architectures()) {
      List<LockedPackage> wanted = assembly.packages(lock, architecture);
      copy.files(wanted.stream().map(LockedPackage::file).toList(), lock.date());
    }
  }

  /** What a bake would do. */
  public Plan plan() throws BakeException, IOException, InterruptedException {
    requireOutputs();
    LockKeeper.Obtained obtained = locks.obtain(book);
    SortedMap<Architecture, List<String>> binaries = new TreeMap<>();
    for (Architecture architecture : options.architectures()) {
      binaries.put(architecture, kubernetes.missing(obtained.lock(), book, architecture));
    }
    return Plan.of(obtained, roles, options, packages, binaries);
  }

  /** Bakes the roles that were asked for. */
  public BakeReport bake() throws BakeException, IOException, InterruptedException {
    requireOutputs();
    options.requireOutput();
    options.sweepOutput();
    Stopwatch watch = new Stopwatch(progress);
    try (Workers workers = new Workers(options.jobs())) {
      return locks.use(
          usable(watch), book, this::fetchWithSource, current -> bake(current, workers, watch));
    }
  }

  /** A lock whose packages are there. */
  private Lock usable(Stopwatch watch) throws BakeException, IOException, InterruptedException {
    Lock lock = watch.time("reading the lock", () -> locks.obtain(book).lock());
    return watch.time("fetching packages", () -> locks.fetched(lock, book, this::fetch));
  }

  private BakeReport bake(Lock lock, Workers workers, Stopwatch watch)
      throws BakeException, IOException, InterruptedException {
    Inputs inputs = new Inputs(book, templates, locks.keep(lock));
    SortedMap<Architecture, KubernetesBinaries> binaries = new TreeMap<>();
    List<BakedRole> baked = new ArrayList<>();
    List<Box> boxes = new ArrayList<>();
    List<Architecture> architectures = options.architectures().stream().sorted().toList();
    Future<SortedMap<Architecture, KubernetesBinaries>> obtained =
        workers.start(() -> kubernetes(architectures, lock, watch));
    for (Architecture architecture : architectures) {
      Assembly.Assembled assembled =
          assembly.assemble(architecture, lock, obtained, workers, watch);
      BakedArchitecture one = write(assembled, inputs, workers, watch);
      binaries.put(architecture, one.kubernetes());
      baked.addAll(one.roles());
      boxes.addAll(one.boxes());
    }
    BakeReport report =
        new BakeReport(lock, binaries, baked, catalogs(boxes, lock, binaries), watch.seconds());
    report.write(options.output().resolve("bake.json"));
    return report;
  }

  /** All of it before anything is written: then it is known whether the boxes have the same. */
  private SortedMap<Architecture, KubernetesBinaries> kubernetes(
      List<Architecture> architectures, Lock lock, Stopwatch watch)
      throws BakeException, IOException, InterruptedException {
    SortedMap<Architecture, KubernetesBinaries> all = new TreeMap<>();
    for (Architecture architecture : architectures) {
      all.put(
          architecture,
          watch.time("Kubernetes", () -> kubernetes.obtain(lock, book, architecture)));
    }
    for (Role role : roles) {
      Outputs.requireOneKubernetes(
          role.name(),
          all.values().stream()
              .filter(
                  each ->
                      Outputs.formats(options, role, each.architecture()).stream()
                          .anyMatch(Format::isBox))
              .toList());
    }
    return all;
  }

  /** Writes the catalog of each role that has boxes now, and gives their versions by role. */
  private SortedMap<String, String> catalogs(
      List<Box> boxes, Lock lock, SortedMap<Architecture, KubernetesBinaries> binaries)
      throws IOException {
    SortedMap<String, List<Box>> byRole = new TreeMap<>();
    for (Box box : boxes) {
      byRole.computeIfAbsent(box.settings().role(), role -> new ArrayList<>()).add(box);
    }
    SortedMap<String, String> versions = new TreeMap<>();
    for (Map.Entry<String, List<Box>> role : byRole.entrySet()) {
      Architecture any = role.getValue().get(0).settings().architecture();
      String kubernetes = requireNonNull(binaries.get(any)).version().toString();
      versions.put(
          role.getKey(),
          Catalog.write(options.output("boxes"), kubernetes, lock.date(), role.getValue()));
    }
    return versions;
  }

  private void fetch(Lock lock) throws BakeException, InterruptedException {
    for (Architecture architecture : options.architectures()) {
      packages.fetch(assembly.packages(lock, architecture), lock.date());
    }
  }

  private void fetchWithSource(Lock lock) throws BakeException, InterruptedException {
    fetch(lock);
    kubernetes.fetchSource(lock, book);
  }

  private record BakedArchitecture(
      KubernetesBinaries kubernetes, List<BakedRole> roles, List<Box> boxes) {}

  private BakedArchitecture write(
      Assembly.Assembled assembled, Inputs inputs, Workers workers, Stopwatch watch)
      throws BakeException, IOException, InterruptedException {
    List<Outputs.Piece> pieces =
        new Outputs(options, store, assembled.bills(), progress).pieces(assembled.images());
    List<Outputs.Written> written =
        watch.time("writing", () -> workers.map(pieces, (piece, i) -> piece.write()));
    Statements statements =
        new Statements(options, roles, inputs, assembled.kubernetes(), signingKey);
    List<Image> images = assembled.images();
    List<List<Artifact>> stated =
        watch.time(
            "attesting",
            () -> workers.map(images, (image, i) -> statements.write(Outputs.of(written, image))));
    List<BakedRole> baked = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      Image image = images.get(i);
      List<Outputs.Written> ofImage = Outputs.of(written, image);
      List<Unconfigured> left = left(image, roles.get(i), assembled.settled());
      List<Artifact> documents = new ArrayList<>(Outputs.documents(ofImage));
      documents.addAll(stated.get(i));
      baked.add(new BakedRole(image, Outputs.artifacts(ofImage), documents, left));
    }
    List<Box> boxes = written.stream().flatMap(each -> each.boxes().stream()).toList();
    return new BakedArchitecture(assembled.kubernetes(), baked, boxes);
  }

  /** The images of the roles asked for, in memory; nothing is written but the lock. */
  List<Image> images(Architecture architecture)
      throws BakeException, IOException, InterruptedException {
    Stopwatch watch = new Stopwatch(progress);
    try (Workers workers = new Workers(options.jobs())) {
      Lock usable = usable(watch);
      locks.keep(usable);
      Future<SortedMap<Architecture, KubernetesBinaries>> obtained =
          workers.start(() -> kubernetes(List.of(architecture), usable, watch));
      return assembly.assemble(architecture, usable, obtained, workers, watch).images();
    }
  }

  /**
   * What is left to first boot, of containers or of disks alone, and warned of. Boxes have the
   * packages of disks.
   */
  private List<Unconfigured> left(Image image, Role role, Map<String, Settled> settled) {
    List<Unconfigured> left =
        new ArrayList<>(requireNonNull(settled.get(role.name())).unconfigured());
    left.forEach(each -> warn(image, each, "first boot"));
    if (image.machine().isPresent()) {
      Role machine = role.machine().orElseThrow();
      Set<String> known = left.stream().map(Unconfigured::packageName).collect(Collectors.toSet());
      for (Unconfigured each : requireNonNull(settled.get(machine.name())).unconfigured()) {
        if (!known.contains(each.packageName())) {
          warn(image, each, "the first boot of a disk");
          left.add(each);
        }
      }
    }
    return left;
  }

  private void warn(Image image, Unconfigured left, String when) {
    progress.warn(
        "%s: %s is left to be configured at %s: %s"
            .formatted(image.fileStem(), left.packageName(), when, left.reason()),
        "nothing needs doing; the machine has dpkg configure it before its role's services start");
  }
}
