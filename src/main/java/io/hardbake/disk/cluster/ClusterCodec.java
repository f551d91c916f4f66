package io.hardbake.disk.cluster;

import io.hardbake.disk.DamagedDiskException;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import java.io.IOException;
import java.io.OutputStream;

/** A way to compress a cluster by itself: equal clusters give equal bytes, on every machine. */
public sealed interface ClusterCodec permits ZstdCodec, DeflateCodec {
  /** Names the codec and the version of its bytes; a part of every cache key. */
  String id();

  /** Whether a cluster that does not become smaller is kept as it is. */
  boolean mayStore();

  /** Gets ready; called before the first encoder is asked for. */
  default void prepare(ClusterCache cache)
      throws IOException, BakeException, InterruptedException {}

  /**
   * Gets ready without a cache; called before the first decoder is asked for.
   *
   * @throws HostException if the codec cannot run on this machine
   */
  default void prepareToRead() throws HostException {}

  /** One for each thread, to be closed by it. */
  Encoder newEncoder();

  /** For one thread at a time, to be closed when no more is to be decoded. */
  Decoder newDecoder();

  /** Gives back what an {@link Encoder} took, or that of another program. */
  interface Decoder extends AutoCloseable {
    /**
     * Fills a cluster.
     *
     * @param packed what it was compressed to, and maybe other bytes behind
     * @throws DamagedDiskException if the bytes are not of the codec's form, or give more or less
     *     than the cluster
     */
    void decode(byte[] packed, int length, byte[] cluster) throws DamagedDiskException;

    @Override
    void close();
  }

  /** Compresses cluster after cluster. */
  interface Encoder extends AutoCloseable {
    /** Compresses a cluster and says how many bytes that gave. */
    int encode(byte[] cluster);

    /** Writes what the last cluster was compressed to. */
    void writeTo(OutputStream out) throws IOException;

    @Override
    void close();
  }
}
