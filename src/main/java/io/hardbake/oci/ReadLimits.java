package io.hardbake.oci;

import io.hardbake.io.Bytes;
import io.hardbake.io.Size;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.io.tar.TarHeader;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What an image may cost whoever reads it, whatever it claims: far above any role, and within the
 * memory and the disk of a small machine. Safe for use by several threads.
 */
final class ReadLimits {
  /** Of one layer, decompressed: the reader's scratch space. */
  private final Size layer;

  private final AtomicLong members;

  /** Names, link targets and extended attributes: they stay in memory. */
  private final AtomicLong names;

  ReadLimits(Size layer, long members, Size names) {
    this.layer = layer;
    this.members = new AtomicLong(members);
    this.names = new AtomicLong(names.bytes());
  }

  static ReadLimits usual() {
    return new ReadLimits(Size.gib(8), 400_000, Size.mib(64));
  }

  Size layer() {
    return layer;
  }

  void take(TarHeader member) throws MalformedArchiveException {
    long bytes = (long) member.name().length() + member.linkName().length();
    for (Map.Entry<String, Bytes> xattr : member.xattrs().entrySet()) {
      bytes += (long) xattr.getKey().length() + xattr.getValue().length();
    }
    if (members.decrementAndGet() < 0) {
      throw new MalformedArchiveException("the layers have more members than hardbake reads");
    }
    if (names.addAndGet(-bytes) < 0) {
      throw new MalformedArchiveException("the layers have longer names than hardbake reads");
    }
  }
}
