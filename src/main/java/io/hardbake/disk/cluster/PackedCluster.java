package io.hardbake.disk.cluster;

import io.hardbake.disk.Segment;
import io.hardbake.io.Sha256;
import java.nio.file.Path;

/**
 * A cluster that is not all zero.
 *
 * @param index its place on the disk, in clusters
 * @param file where its bytes lie, from {@code from} on
 * @param length in bytes; a whole cluster's when it is stored as it is
 * @param stored whether the bytes are the cluster itself, not compressed
 */
public record PackedCluster(
    long index, Path file, long from, int length, boolean stored, Sha256 identity) {
  /** The bytes, at a place of another volume. */
  public Segment at(long offset) {
    return Segment.of(offset, file, from, length, identity);
  }
}
