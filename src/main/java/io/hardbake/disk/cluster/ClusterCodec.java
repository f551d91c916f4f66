package io.hardbake.disk.cluster;

import io.hardbake.failure.BakeException;
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

  /** One for each thread, to be closed by it. */
  Encoder newEncoder();

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
