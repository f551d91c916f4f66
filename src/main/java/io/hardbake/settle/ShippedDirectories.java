package io.hardbake.settle;

import io.hardbake.debian.unpack.UnpackedPackage;
import io.hardbake.debian.unpack.UnpackedPackage.Member;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Entry.Directory;
import io.hardbake.tree.Entry.Symlink;
import io.hardbake.tree.FileTree;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directories of all packages, known before anything is unpacked: what becomes of a file or a
 * link in the place of one must not depend on which of two packages comes first.
 */
final class ShippedDirectories {
  /** By name: to compare packages is to compare all that is in them. */
  private final Map<AbsolutePath, Map<String, Shipper>> byPath = new HashMap<>();

  private final FileTree.Builder layout;

  private record Shipper(UnpackedPackage one, Directory directory) {}

  /** For a tree that holds the top-level links of a merged /usr. */
  ShippedDirectories(FileTree.Builder layout) {
    this.layout = layout;
  }

  void add(UnpackedPackage one, Diversions diversions) {
    for (Member member : one.members()) {
      if (member.entry() instanceof Directory directory && !member.path().isRoot()) {
        byPath
            .computeIfAbsent(
                merged(diversions.apply(member.path(), one.name())), p -> new LinkedHashMap<>())
            .putIfAbsent(one.name(), new Shipper(one, directory));
      }
    }
  }

  /** The packages that ship a directory there, in their order. */
  List<UnpackedPackage> shippers(AbsolutePath path) {
    return at(path).stream().map(Shipper::one).toList();
  }

  /** The directory as the first package has it that ships one there. */
  Optional<Directory> first(AbsolutePath path) {
    return at(path).stream().map(Shipper::directory).findFirst();
  }

  private Collection<Shipper> at(AbsolutePath path) {
    return byPath.getOrDefault(merged(path), Map.of()).values();
  }

  private AbsolutePath merged(AbsolutePath path) {
    int end = path.value().indexOf('/', 1);
    if (end > 0
        && layout.get(AbsolutePath.of(path.value().substring(0, end))).orElse(null)
            instanceof Symlink link
        && link.target().startsWith("usr/")) {
      return AbsolutePath.of("/" + link.target() + path.value().substring(end));
    }
    return path;
  }
}
