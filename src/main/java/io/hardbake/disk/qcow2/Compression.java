package io.hardbake.disk.qcow2;

import io.hardbake.disk.cluster.ClusterCodec;
import io.hardbake.disk.cluster.DeflateCodec;
import io.hardbake.disk.cluster.ZstdCodec;

/** The compression types of qcow2. */
public enum Compression {
  /** Read by QEMU up to 5.0 too; larger, and slower to read. */
  DEFLATE(0),

  /** At level 1, which here gives files of about the size that QEMU's own level 3 gives. */
  ZSTD(1);

  private static final int ZSTD_LEVEL = 1;

  private final int number;

  Compression(int number) {
    this.number = number;
  }

  /** As the header has it. */
  int number() {
    return number;
  }

  ClusterCodec codec() {
    return this == ZSTD ? new ZstdCodec(ZSTD_LEVEL) : DeflateCodec.QCOW2;
  }
}
