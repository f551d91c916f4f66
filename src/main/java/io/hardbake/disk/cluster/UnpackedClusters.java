package io.hardbake.disk.cluster;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.io.Size;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Reads a disk cluster by cluster, from wherever its format keeps them. For several threads. */
public final class UnpackedClusters implements Closeable {
  private static final int CLUSTER = ClusterPacker.CLUSTER;
  private static final byte[] ZEROS = new byte[CLUSTER];

  /** Kept clusters: 4 MiB. */
  private static final int KEPT = 64;

  private final Size size;
  private final ClusterCodec codec;
  private final Source source;
  private final LastRead last = new LastRead(KEPT);
  private final Queue<ClusterCodec.Decoder> decoders = new ConcurrentLinkedQueue<>();

  public UnpackedClusters(Size size, ClusterCodec codec, Source source) {
    this.size = size;
    this.codec = codec;
    this.source = source;
  }

  /** Where a format keeps a cluster. */
  @FunctionalInterface
  public interface Source {
    /** The bytes of a cluster as they are kept; nothing if it is all zero. */
    Optional<Packed> packed(long cluster) throws IOException;
  }

  /**
   * A cluster as it is kept.
   *
   * @param bytes maybe more than belong to it
   * @param stored whether the bytes are the cluster itself, not compressed
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record Packed(byte[] bytes, boolean stored) {}

  /** Fills all that remains of a buffer with the bytes of the disk from {@code offset} on. */
  public void read(long offset, ByteBuffer into) throws IOException {
    if (offset < 0 || into.remaining() > size.bytes() - offset) {
      throw new DamagedDiskException(
          "the disk ends at %d, and %d bytes at %d are asked for"
              .formatted(size.bytes(), into.remaining(), offset));
    }
    for (long at = offset; into.hasRemaining(); ) {
      int from = (int) (at % CLUSTER);
      int length = Math.min(CLUSTER - from, into.remaining());
      into.put(last.get(at / CLUSTER, this::unpack), from, length);
      at += length;
    }
  }

  private byte[] unpack(long cluster) throws IOException {
    Optional<Packed> packed = source.packed(cluster);
    if (packed.isEmpty()) {
      return ZEROS;
    }
    byte[] bytes = packed.get().bytes();
    if (packed.get().stored()) {
      if (bytes.length != CLUSTER) {
        throw new DamagedDiskException("cluster %d is cut off".formatted(cluster));
      }
      return bytes;
    }
    ClusterCodec.Decoder free = decoders.poll();
    ClusterCodec.Decoder decoder = free == null ? codec.newDecoder() : free;
    try {
      byte[] whole = new byte[CLUSTER];
      decoder.decode(bytes, bytes.length, whole);
      return whole;
    } catch (DamagedDiskException e) {
      throw new DamagedDiskException("cluster %d: %s".formatted(cluster, e.problem()), e);
    } finally {
      decoders.add(decoder);
    }
  }

  /** Nothing may be read any more. */
  @Override
  public void close() {
    for (var decoder = decoders.poll(); decoder != null; decoder = decoders.poll()) {
      decoder.close();
    }
  }
}
