package io.hardbake.disk.qcow2;

import io.hardbake.disk.cluster.ClusterCodec;
import io.hardbake.disk.cluster.DeflateCodec;
import io.hardbake.disk.cluster.ZstdCodec;
import io.hardbake.failure.UsageException;
import java.util.Locale;

/** The compression types of qcow2. */
public enum Compression {
  /** QEMU's {@code zlib}. Read by QEMU up to 5.0 too; larger, and slower to read. */
  DEFLATE(0),

  /** At level 1, which here gives files of about the size that QEMU's own level 3 gives. */
  ZSTD(1);

  private static final int ZSTD_LEVEL = 1;

  private final int number;

  Compression(int number) {
    this.number = number;
  }

  /** The type that a word on the command line means. */
  public static Compression parse(String word) throws UsageException {
    for (Compression compression : values()) {
      if (compression.toString().equals(word)) {
        return compression;
      }
    }
    throw new UsageException(
        "qcow2 has no compression " + word,
        "choose zstd, or deflate for hosts whose QEMU is older than 5.1");
  }

  /** As the header has it. */
  int number() {
    return number;
  }

  ClusterCodec codec() {
    return this == ZSTD ? new ZstdCodec(ZSTD_LEVEL) : DeflateCodec.QCOW2;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
