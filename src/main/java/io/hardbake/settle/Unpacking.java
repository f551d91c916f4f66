package io.hardbake.settle;

import io.hardbake.debian.DebVersion;
import io.hardbake.debian.Dependency;
import io.hardbake.debian.MalformedControlException;
import io.hardbake.debian.Relation;
import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.debian.unpack.UnpackedPackage.Member;
import io.hardbake.failure.UnresolvableException;
import io.hardbake.image.Architecture;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.HardLink;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Meta;
import io.hardbake.tree.Provenance;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * dpkg's unpack phase: all packages' files in one tree.
 *
 * <p>As with dpkg, the first package that ships a directory decides its mode and owner, and a file
 * of two packages is an error unless it is diverted or one of them replaces the other; so is a file
 * in the place of a directory, unless the directory's package replaces the file's. Of a link and a
 * directory the first stays, whichever replaces the other, if the link leads to a directory at all.
 * Directories carry the one time of the bake, files their own, but none that lies in the future.
 */
final class Unpacking {
  /** Whose file stands at a path, and under which name its archive has it. */
  private record Shipped(UnpackedPackage by, AbsolutePath as) {}

  /** As many as the kernel follows before it says that they go in a circle. */
  private static final int MOST_LINKS = 40;

  private final FileTree.Builder tree;
  private final long epochSeconds;
  private final Diversions diversions;
  private final ShippedDirectories directories;
  private final Map<AbsolutePath, Shipped> owners = new HashMap<>();
  private final Map<String, Set<AbsolutePath>> lost = new HashMap<>();

  Unpacking(Architecture architecture, long epochSeconds, Diversions diversions) {
    this.epochSeconds = epochSeconds;
    this.diversions = diversions;
    Provenance layout = Provenance.ofSettle("layout");
    this.tree = FileTree.builder(Meta.root(0755, epochSeconds, layout));
    TreeEditor editor = new TreeEditor(tree, epochSeconds, layout);
    for (String directory : mergedDirectories(architecture)) {
      editor.directory(AbsolutePath.of("/usr/" + directory), 0755, Owner.ROOT);
      editor.link(AbsolutePath.of("/" + directory), "usr/" + directory);
    }
    this.directories = new ShippedDirectories(tree);
  }

  /**
   * The top-level directories that became links into /usr. No package ships the links: they are
   * made when a machine is bootstrapped.
   */
  private static List<String> mergedDirectories(Architecture architecture) {
    return switch (architecture) {
      case AMD64 -> List.of("bin", "lib", "lib64", "sbin");
      case ARM64 -> List.of("bin", "lib", "sbin");
    };
  }

  FileTree.Builder tree() {
    return tree;
  }

  /** The members of a package that another one took over; its file list leaves them out. */
  Set<AbsolutePath> lost(String packageName) {
    return lost.getOrDefault(packageName, Set.of());
  }

  /** Takes note of a package; all of them have to be known before the first is unpacked. */
  void foresee(UnpackedPackage one) {
    directories.add(one, diversions);
  }

  /**
   * Unpacks one package.
   *
   * @param pending its conffiles if it stays unconfigured: they wait as {@code .dpkg-new}
   */
  void unpack(UnpackedPackage one, Set<AbsolutePath> pending)
      throws UnresolvableException, MalformedControlException {
    for (Member member : one.members()) {
      if (member.path().isRoot()) {
        continue;
      }
      AbsolutePath wanted = diversions.apply(member.path(), one.name());
      AbsolutePath path =
          pending.contains(member.path())
              ? wanted.parent().child(wanted.name() + ".dpkg-new")
              : wanted;
      if (member.entry() instanceof Directory directory) {
        putDirectory(one, path, directory);
      } else {
        putFile(one, member.path(), path, dated(relinked(member.entry(), one)));
      }
    }
  }

  private void putDirectory(UnpackedPackage one, AbsolutePath path, Directory directory)
      throws UnresolvableException, MalformedControlException {
    leadTo(path.parent(), one);
    makeWhatALinkLeadsTo(path);
    if (isDirectory(path)) {
      return;
    }
    AbsolutePath real = real(path);
    Shipped other = owners.get(real);
    if (other != null) {
      if (!replaces(one, other.by())) {
        throw notADirectory(real, one, other.by());
      }
      owners.remove(real);
      lose(other.by(), other.as());
    }
    put(path, directory);
  }

  private void put(AbsolutePath path, Directory directory) {
    tree.put(path, directory.withMeta(directory.meta().withMtime(epochSeconds)));
  }

  private boolean isDirectory(AbsolutePath path) {
    return tree.resolve(path).flatMap(tree::get).orElse(null) instanceof Directory;
  }

  /** Sees to it that the path is that of a directory, or of nothing. */
  private void leadTo(AbsolutePath path, UnpackedPackage one) throws UnresolvableException {
    if (path.isRoot() || isDirectory(path)) {
      return;
    }
    leadTo(path.parent(), one);
    makeWhatALinkLeadsTo(path);
    AbsolutePath real = real(path);
    if (tree.get(real).isPresent() && !isDirectory(path)) {
      Shipped other = owners.get(real);
      throw other == null ? leadsNowhere(real, one) : notADirectory(real, one, other.by());
    }
  }

  /** A link of one package may lead to a directory of another that is yet to be unpacked. */
  private void makeWhatALinkLeadsTo(AbsolutePath path) {
    AbsolutePath next = real(path);
    for (int links = 0; links < MOST_LINKS; links++) {
      if (isDirectory(next) || !(tree.get(next).orElse(null) instanceof Symlink link)) {
        return;
      }
      next = next.parent().resolve(link.target());
      makeShipped(next);
      next = real(next);
    }
  }

  private void makeShipped(AbsolutePath path) {
    if (path.isRoot() || tree.resolve(path).isPresent()) {
      return;
    }
    makeShipped(path.parent());
    Optional<Directory> shipped = directories.first(path);
    if (shipped.isPresent() && isDirectory(path.parent()) && tree.get(real(path)).isEmpty()) {
      put(path, shipped.get());
    }
  }

  private void putFile(UnpackedPackage one, AbsolutePath shipped, AbsolutePath path, Entry entry)
      throws UnresolvableException, MalformedControlException {
    leadTo(path.parent(), one);
    AbsolutePath real = real(path);
    for (UnpackedPackage other : directories.shippers(real)) {
      if (replaces(other, one) && !leadsToDirectory(real, entry)) {
        lose(one, shipped);
        return;
      }
    }
    Shipped other = owners.get(real);
    if (other != null && !other.by().name().equals(one.name())) {
      if (replaces(other.by(), one)) {
        lose(one, shipped);
        return;
      }
      if (!replaces(one, other.by())) {
        throw clash(real, one, other.by());
      }
      lose(other.by(), other.as());
    } else if (entry instanceof Symlink && tree.get(real).orElse(null) instanceof Directory) {
      return;
    } else if (tree.get(real).orElse(null) instanceof Directory) {
      UnpackedPackage by = directories.shippers(real).stream().findFirst().orElse(one);
      throw notADirectory(real, by, one);
    }
    owners.put(tree.put(path, entry), new Shipped(one, shipped));
  }

  /** Whether that is a link to a directory, be it one that is yet to be unpacked. */
  private boolean leadsToDirectory(AbsolutePath real, Entry entry) {
    if (!(entry instanceof Symlink link)) {
      return false;
    }
    AbsolutePath target = real.parent().resolve(link.target());
    return !target.equals(real)
        && !target.isBelow(real)
        && (isDirectory(target) || directories.first(target).isPresent());
  }

  private void lose(UnpackedPackage one, AbsolutePath shipped) {
    lost.computeIfAbsent(one.name(), n -> new HashSet<>()).add(shipped);
  }

  private static UnresolvableException notADirectory(
      AbsolutePath path, UnpackedPackage one, UnpackedPackage other) {
    return new UnresolvableException(
        "%s is a directory to %s %s, and something else to %s %s"
            .formatted(path, one.name(), one.version(), other.name(), other.version()),
        "leave one of the two packages out of the recipe");
  }

  private static UnresolvableException leadsNowhere(AbsolutePath path, UnpackedPackage one) {
    return new UnresolvableException(
        "%s %s ships files below %s, which is no directory"
            .formatted(one.name(), one.version(), path),
        "leave the package out of the recipe");
  }

  private static UnresolvableException clash(
      AbsolutePath path, UnpackedPackage one, UnpackedPackage other) {
    String diverting =
        Stream.of(one, other)
            .filter(Unpacking::diverts)
            .map(
                each ->
                    "; the preinst of %s diverts files, which no bake does unless a rule says so"
                        .formatted(each.name()))
            .collect(Collectors.joining());
    return new UnresolvableException(
        "%s is shipped by %s %s and by %s %s, and neither replaces the other%s"
            .formatted(path, other.name(), other.version(), one.name(), one.version(), diverting),
        "leave one of the two packages out of the recipe");
  }

  private static boolean diverts(UnpackedPackage one) {
    Content preinst = one.controlFiles().get("preinst");
    return preinst != null && Texts.of(preinst).contains("dpkg-divert");
  }

  /** Whether {@code Replaces} of one package names the other in its version. */
  private static boolean replaces(UnpackedPackage one, UnpackedPackage other)
      throws MalformedControlException {
    for (Relation relation : Dependency.parseRelations(one.control().get("Replaces").orElse(""))) {
      if (relation.name().equals(other.name())
          && relation.admits(DebVersion.parse(other.version()))) {
        return true;
      }
    }
    return false;
  }

  /** A hard link names its target as the archive does; here it has to be where that stands. */
  private Entry relinked(Entry entry, UnpackedPackage one) {
    return entry instanceof HardLink link
        ? new HardLink(link.meta(), real(diversions.apply(link.target(), one.name())))
        : entry;
  }

  private Entry dated(Entry entry) {
    long time = Math.min(entry.meta().mtime(), epochSeconds);
    return entry.withMeta(entry.meta().withMtime(time));
  }

  /** The path with its parent's links followed; its own last component may be a link. */
  private AbsolutePath real(AbsolutePath path) {
    return tree.resolve(path.parent()).map(parent -> parent.child(path.name())).orElse(path);
  }
}
