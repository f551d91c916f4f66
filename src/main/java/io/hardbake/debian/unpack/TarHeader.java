package io.hardbake.debian.unpack;

import io.hardbake.io.Bytes;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One member of a tar archive, as it stands there: the name is not interpreted.
 *
 * @param mode permission, setuid, setgid and sticky bits: 0 to 07777
 * @param mtime seconds since the epoch, never negative
 * @param size bytes of the body that follows; 0 but for regular files
 * @param linkTarget a symbolic link's text or a hard link's earlier name; else empty
 */
public record TarHeader(
    String name,
    Type type,
    int mode,
    int uid,
    int gid,
    long mtime,
    long size,
    String linkTarget,
    SortedMap<String, Bytes> xattrs) {

  /** The types that a package may hold. */
  public enum Type {
    FILE,
    HARD_LINK,
    SYMLINK,
    DIRECTORY
  }

  public TarHeader {
    xattrs = Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
  }
}
