package io.hardbake.tree;

import io.hardbake.io.Bytes;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an inode knows besides its type and body.
 *
 * @param mode permission, setuid, setgid and sticky bits: 0 to 07777
 * @param mtime seconds since the epoch
 * @param xattrs extended attributes by full name, such as {@code security.capability}
 */
public record Meta(
    int mode,
    int uid,
    int gid,
    long mtime,
    SortedMap<String, Bytes> xattrs,
    Provenance provenance) {

  private static final SortedMap<String, Bytes> NO_XATTRS =
      Collections.unmodifiableSortedMap(new TreeMap<>());

  public Meta {
    if (mode < 0 || mode > 07777) {
      throw new IllegalArgumentException("mode out of range: 0" + Integer.toOctalString(mode));
    }
    if (uid < 0 || gid < 0) {
      throw new IllegalArgumentException("negative owner: " + uid + ":" + gid);
    }
    xattrs =
        xattrs.isEmpty() ? NO_XATTRS : Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
  }

  /** Owned by root, without extended attributes. */
  public static Meta root(int mode, long mtime, Provenance provenance) {
    return new Meta(mode, 0, 0, mtime, NO_XATTRS, provenance);
  }

  public Meta withMode(int newMode) {
    return new Meta(newMode, uid, gid, mtime, xattrs, provenance);
  }

  public Meta withOwner(int newUid, int newGid) {
    return new Meta(mode, newUid, newGid, mtime, xattrs, provenance);
  }

  public Meta withMtime(long newMtime) {
    return new Meta(mode, uid, gid, newMtime, xattrs, provenance);
  }

  public Meta withProvenance(Provenance newProvenance) {
    return new Meta(mode, uid, gid, mtime, xattrs, newProvenance);
  }

  public Meta withXattr(String name, Bytes value) {
    SortedMap<String, Bytes> changed = new TreeMap<>(xattrs);
    changed.put(name, value);
    return new Meta(mode, uid, gid, mtime, changed, provenance);
  }

  /** Equal in everything that ends up in an image; provenance does not. */
  boolean sameAs(Meta other) {
    return mode == other.mode
        && uid == other.uid
        && gid == other.gid
        && mtime == other.mtime
        && xattrs.equals(other.xattrs);
  }
}
