package io.hardbake.kubernetes.build;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes members of archives below a directory of the host that was empty. No name leaves it, no
 * name comes twice, and symbolic links are made last, so that nothing is ever written through one.
 */
final class HostTree {
  private final Path root;
  private final Set<Path> made = new HashSet<>();
  private final SortedMap<String, String> links = new TreeMap<>();

  HostTree(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /** A member that must not be written; the message says why. */
  static final class RefusedException extends IOException {
    RefusedException(String problem) {
      super(problem);
    }
  }

  void directory(String name) throws IOException {
    makeDirectories(resolve(name), name);
  }

  void file(String name, InputStream body, boolean executable) throws IOException {
    Path file = resolve(name);
    makeDirectories(parent(file), name);
    try {
      Files.copy(body, file);
    } catch (FileAlreadyExistsException e) {
      throw new RefusedException(name + " comes twice");
    }
    if (executable && !file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }

  /** Notes a link; {@link #makeLinks} makes it. It may lead to nothing, but not to the outside. */
  void link(String name, String target) throws RefusedException {
    Path link = resolve(name);
    if (target.startsWith("/") || !parent(link).resolve(target).normalize().startsWith(root)) {
      throw new RefusedException(name + " is a link to " + target + ", which is outside");
    }
    if (links.put(name, target) != null) {
      throw new RefusedException(name + " comes twice");
    }
  }

  /** Makes the links noted so far. */
  void makeLinks() throws IOException {
    for (Map.Entry<String, String> link : links.entrySet()) {
      Path path = resolve(link.getKey());
      makeDirectories(parent(path), link.getKey());
      try {
        Files.createSymbolicLink(path, Path.of(link.getValue()));
      } catch (FileAlreadyExistsException e) {
        throw new RefusedException(link.getKey() + " comes twice");
      }
    }
    links.clear();
  }

  /** The host's path of a member, refused where it would lie outside or is the root itself. */
  private Path resolve(String name) throws RefusedException {
    try {
      Path relative = Path.of(name);
      Path path = root.resolve(relative).normalize();
      boolean plain = relative.equals(relative.normalize()) && !relative.isAbsolute();
      if (!name.isEmpty() && plain && path.startsWith(root) && !path.equals(root)) {
        return path;
      }
    } catch (InvalidPathException e) {
      // Refused below.
    }
    throw new RefusedException("the name '" + name + "' leads outside");
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalStateException("below the root, so it has a parent: " + path);
    }
    return parent;
  }

  /** Makes what is missing; whatever stands in the way and was not made here is refused. */
  private void makeDirectories(Path directory, String name) throws IOException {
    if (made.contains(directory)) {
      return;
    }
    if (!directory.equals(root)) {
      makeDirectories(parent(directory), name);
    }
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!directory.equals(root)) {
        throw new RefusedException(name + " leads through something that is no directory");
      }
    }
    made.add(directory);
  }
}
