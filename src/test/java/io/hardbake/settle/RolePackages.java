package io.hardbake.settle;

import io.hardbake.debian.BinaryPackage;
import io.hardbake.debian.HostArchive;
import io.hardbake.debian.PackageIndex;
import io.hardbake.debian.resolve.Resolution;
import io.hardbake.debian.resolve.Resolver;
import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.debian.unpack.Unpacker;
import io.hardbake.fetch.Download;
import io.hardbake.fetch.FetchSettings;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.Store;
import io.hardbake.fetch.StoreLocation;
import io.hardbake.image.Architecture;
import io.hardbake.progress.Progress;
import io.hardbake.recipe.Recipe;
import io.hardbake.recipe.RecipeBook;
import io.hardbake.recipe.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The packages of a role or of a list, by hardbake's own client, kept in the user's cache. */
final class RolePackages {
  /**
   * Packages opened, and the files that they came from.
   *
   * @param files in the order of {@code resolution.packages()}, as are {@code opened}
   */
  record Opened(Resolution resolution, List<Path> files, List<UnpackedPackage> opened) {}

  /** Packages without a role, for the rules that no role has a use for. */
  static final String BEYOND_ROLES = "packages:less,libpam-systemd";

  /** What is held against the real maintainer scripts, each as {@link #requestedBy} has it. */
  static final List<String> GOLDEN = List.of("controller", "loadbalancer+machine", BEYOND_ROLES);

  private static final String MACHINE = "+machine";
  private static final String LIST = "packages:";

  private final Store store;
  private final Fetcher fetcher;
  private final PackageIndex index;

  private RolePackages(Store store, Fetcher fetcher, PackageIndex index) {
    this.store = store;
    this.fetcher = fetcher;
    this.index = index;
  }

  static RolePackages open(Architecture architecture) throws Exception {
    Store store = Store.open(StoreLocation.usual(System.getenv()));
    Fetcher fetcher = Fetcher.of(store, Progress.silent(), FetchSettings.of(System.getenv()));
    return new RolePackages(store, fetcher, HostArchive.open(architecture, fetcher).binaries());
  }

  /**
   * The names that a role's recipes ask for, or with {@code +machine} those of its disks; or, of
   * {@code packages:ONE,TWO}, those two and what makes them an image.
   */
  static NavigableSet<String> requestedBy(String role) throws Exception {
    if (role.startsWith(LIST)) {
      NavigableSet<String> names =
          new TreeSet<>(List.of(role.substring(LIST.length()).split(",", -1)));
      names.addAll(List.of("apt", "usr-is-merged"));
      return names;
    }
    String name = role.replace(MACHINE, "");
    Role found = RecipeBook.load(Path.of("images")).role(name);
    if (!role.equals(name)) {
      found = found.machine().orElseThrow();
    }
    NavigableSet<String> names = new TreeSet<>();
    for (Recipe recipe : found.chain()) {
      names.addAll(recipe.packages(Architecture.AMD64));
    }
    return names;
  }

  /** All that a request needs, fetched and opened. */
  Opened resolve(Collection<String> requested) throws Exception {
    Resolution resolution = Resolver.resolve(index, requested);
    List<Download> downloads = new ArrayList<>();
    for (BinaryPackage one : resolution.packages()) {
      downloads.add(new Download(one.toString(), one.candidates(), one.size(), one.sha256()));
    }
    List<Path> files = fetcher.fetchAll(downloads);
    Unpacker unpacker = new Unpacker(store);
    List<UnpackedPackage> opened = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      opened.add(unpacker.unpack(files.get(i), downloads.get(i).sha256()));
    }
    return new Opened(resolution, files, opened);
  }
}
