package io.hardbake.debian.unpack;

import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.tree.AbsolutePath;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which names a package's members may have. {@code ./usr/bin/x} and {@code usr/bin/x} name {@code
 * /usr/bin/x}; a directory may end with a slash. Refused, although dpkg would take some of it:
 * absolute names, empty, {@code .} and {@code ..} components, NUL, newlines (dpkg's lists cannot
 * hold them), a path twice (but for a directory repeated as it was), a path below anything but a
 * directory of the same archive, a hard link to anything but an earlier regular file.
 */
final class MemberPaths {
  private final Map<AbsolutePath, TarHeader> members = new HashMap<>();

  /** Regular files by each of their names. */
  private final Map<AbsolutePath, AbsolutePath> files = new HashMap<>();

  private final Set<AbsolutePath> parents = new HashSet<>();

  /** Whether the member is new; false for a directory that stands there already, equal. */
  boolean add(AbsolutePath path, TarHeader header) throws MalformedArchiveException {
    TarHeader before = members.putIfAbsent(path, header);
    if (before != null) {
      if (header.type() == TarHeader.DIRECTORY && header.equals(before)) {
        return false;
      }
      throw new MalformedArchiveException(path + " stands twice in the archive");
    }
    if (header.type() != TarHeader.DIRECTORY && (path.isRoot() || parents.contains(path))) {
      throw new MalformedArchiveException(path + " is no directory, yet members are below it");
    }
    if (!path.isRoot()) {
      requireDirectories(path.parent(), path);
    }
    if (header.type() == TarHeader.FILE) {
      files.put(path, path);
    }
    if (members.size() > Limits.MEMBERS) {
      throw new MalformedArchiveException("more than " + Limits.MEMBERS + " members");
    }
    return true;
  }

  private void requireDirectories(AbsolutePath directory, AbsolutePath member)
      throws MalformedArchiveException {
    // Once an ancestor is known as a parent, so are all above it.
    for (AbsolutePath p = directory; parents.add(p) && !p.isRoot(); p = p.parent()) {
      TarHeader header = members.get(p);
      if (header != null && header.type() != TarHeader.DIRECTORY) {
        throw new MalformedArchiveException(
            member + " would be written through " + p + ", which is no directory in this archive");
      }
    }
  }

  /** The regular file that a hard link's target names, through earlier hard links if need be. */
  AbsolutePath linked(AbsolutePath link, String target) throws MalformedArchiveException {
    AbsolutePath file = files.get(path(target));
    if (file == null) {
      throw new MalformedArchiveException(
          link + " is a hard link to " + target + ", which is no earlier file of the archive");
    }
    files.put(link, file);
    return file;
  }

  static AbsolutePath path(TarHeader header) throws MalformedArchiveException {
    String name = header.name();
    if (header.type() == TarHeader.DIRECTORY && name.endsWith("/") && name.length() > 1) {
      name = name.substring(0, name.length() - 1);
    }
    return path(name);
  }

  private static AbsolutePath path(String name) throws MalformedArchiveException {
    if (name.equals(".")) {
      return AbsolutePath.ROOT;
    }
    String relative = name.startsWith("./") ? name.substring(2) : name;
    if (relative.indexOf('\n') >= 0
        || relative.getBytes(StandardCharsets.UTF_8).length > Limits.PATH_BYTES) {
      throw new MalformedArchiveException("a member's name is too long or holds a newline");
    }
    try {
      // The empty name becomes "/" here and would be the root.
      if (relative.isEmpty()) {
        throw new IllegalArgumentException("no name");
      }
      return AbsolutePath.of("/" + relative);
    } catch (IllegalArgumentException e) {
      throw new MalformedArchiveException("a member's name is refused: \"" + name + "\"", e);
    }
  }
}
