package io.hardbake.disk.cluster;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The compressed clusters of a region, in a file: one after the other, then a trailer with the
 * length of each, 0 for zeros and {@link ClusterPacker#CLUSTER} for one that is stored as it is.
 *
 * @param first the region's first cluster on the disk
 * @param identity a digest that the file's bytes follow from, the codec included
 */
record PackedRegion(long first, Path file, Sha256 identity, List<Integer> lengths) {
  private static final int MAGIC = 0x68626330; // "hbc0"

  PackedRegion {
    lengths = List.copyOf(lengths);
  }

  static void writeTrailer(OutputStream out, int[] lengths) throws IOException {
    ByteBuffer trailer = ByteBuffer.allocate(trailerBytes(lengths.length));
    Arrays.stream(lengths).forEach(trailer::putInt);
    out.write(trailer.putInt(MAGIC).array());
  }

  /** Reads the trailer of a region of so many clusters. */
  static PackedRegion read(long first, Path file, Sha256 identity, int clusters)
      throws IOException, IntegrityException {
    ByteBuffer trailer = ByteBuffer.allocate(trailerBytes(clusters));
    long payload;
    try (FileChannel channel = FileChannel.open(file)) {
      payload = channel.size() - trailer.capacity();
      while (payload >= 0
          && trailer.hasRemaining()
          && channel.read(trailer, payload + trailer.position()) >= 0) {}
    }
    List<Integer> lengths = new ArrayList<>();
    trailer.flip();
    for (int i = 0; i < clusters && trailer.remaining() > Integer.BYTES; i++) {
      lengths.add(trailer.getInt());
    }
    if (trailer.remaining() != Integer.BYTES
        || trailer.getInt() != MAGIC
        || lengths.stream().mapToLong(length -> length).sum() != payload) {
      throw new IntegrityException(
          "the compressed clusters in the cache are damaged: " + file,
          "run `hardbake cache verify`, which removes them, and bake again");
    }
    return new PackedRegion(first, file, identity, lengths);
  }

  private static int trailerBytes(int clusters) {
    return (clusters + 1) * Integer.BYTES;
  }

  /** The clusters that are not zero. */
  List<PackedCluster> clusters(boolean mayStore) {
    List<PackedCluster> clusters = new ArrayList<>();
    long from = 0;
    for (int i = 0; i < lengths.size(); i++) {
      int length = lengths.get(i);
      if (length > 0) {
        boolean stored = mayStore && length == ClusterPacker.CLUSTER;
        clusters.add(new PackedCluster(first + i, file, from, length, stored, identity));
        from += length;
      }
    }
    return clusters;
  }
}
