package io.hardbake.disk.cluster;

import io.hardbake.disk.Volume;
import io.hardbake.disk.VolumeReader;
import io.hardbake.failure.BakeException;
import io.hardbake.io.Pools;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Compresses volumes cluster by cluster with several threads, region by region from the cache. */
public final class ClusterPacker {
  /** Bytes of a cluster of qcow2, and of a grain of VMDK: the default of both. */
  public static final int CLUSTER = 1 << 16;

  /** Bytes of what is compressed anew when any of it changes. */
  static final int REGION = 64 * CLUSTER;

  private static final String KIND = "clusters";

  private final ClusterCache cache;
  private final Progress progress;
  private final int jobs;

  /** {@code jobs} threads compress; the bytes do not depend on how many. */
  public ClusterPacker(ClusterCache cache, Progress progress, int jobs) {
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs: " + jobs);
    }
    this.cache = cache;
    this.progress = progress;
    this.jobs = jobs;
  }

  /** Takes the clusters of region after region, in their order. */
  @FunctionalInterface
  public interface Sink {
    /** Called by the thread that waits, while others compress what comes later. */
    void take(List<PackedCluster> clusters) throws IOException;
  }

  /** Compresses a volume; {@code name} is what people call it. */
  public PackedVolume pack(String name, Volume volume, ClusterCodec codec)
      throws IOException, BakeException, InterruptedException {
    List<PackedCluster> clusters = new ArrayList<>();
    pack(name, volume, codec, clusters::addAll);
    return new PackedVolume(volume.size(), clusters);
  }

  /** The same, and whoever wants the clusters need not wait for the last one. */
  public void pack(String name, Volume volume, ClusterCodec codec, Sink sink)
      throws IOException, BakeException, InterruptedException {
    codec.prepare(cache);
    ExecutorService pool = Pools.of("clusters", jobs);
    try (Progress.Task task = progress.begin("compressing " + name, volume.used())) {
      List<Future<PackedRegion>> regions = new ArrayList<>();
      for (long at = next(volume, 0); at < volume.size().bytes(); at = next(volume, at + REGION)) {
        long start = at;
        regions.add(pool.submit(() -> pack(volume, start, codec, task)));
      }
      for (Future<PackedRegion> region : regions) {
        sink.take(Pools.outcome(region).clusters(codec.mayStore()));
      }
    } finally {
      Pools.stop(pool);
    }
  }

  /** The next region from {@code offset} on that is not a hole. */
  private static long next(Volume volume, long offset) {
    long covered =
        offset < volume.size().bytes() ? volume.nextCovered(offset) : volume.size().bytes();
    return covered == volume.size().bytes() ? covered : covered / REGION * REGION;
  }

  private PackedRegion pack(Volume volume, long start, ClusterCodec codec, Progress.Task task)
      throws IOException, BakeException, InterruptedException {
    long length = Math.min(REGION, volume.size().bytes() - start);
    String key = codec.id() + "\n" + CLUSTER + "\n" + volume.identity(start, length);
    int clusters = Math.toIntExact(new Size(length).blocks(CLUSTER));
    Path file = cache.derived(KIND, key, out -> fill(volume, start, clusters, codec, out));
    task.advance(volume.used(start, length).bytes());
    // The region's own identity would be that of its files by other codecs too.
    Sha256 identity = Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    return PackedRegion.read(start / CLUSTER, file, identity, clusters);
  }

  private static void fill(
      Volume volume, long start, int clusters, ClusterCodec codec, OutputStream out)
      throws IOException {
    int[] lengths = new int[clusters];
    byte[] cluster = new byte[CLUSTER];
    byte[] zeros = new byte[CLUSTER];
    try (VolumeReader reader = volume.reader();
        ClusterCodec.Encoder encoder = codec.newEncoder()) {
      for (int i = 0; i < clusters; i++) {
        long at = start + (long) i * CLUSTER;
        int length = (int) Math.min(CLUSTER, volume.size().bytes() - at);
        if (volume.isHole(at, length)) {
          continue;
        }
        reader.read(at, ByteBuffer.wrap(cluster, 0, length));
        Arrays.fill(cluster, length, CLUSTER, (byte) 0);
        if (Arrays.equals(cluster, zeros)) {
          continue;
        }
        lengths[i] = encoder.encode(cluster);
        if (codec.mayStore() && lengths[i] >= CLUSTER) {
          lengths[i] = CLUSTER;
          out.write(cluster);
        } else {
          encoder.writeTo(out);
        }
      }
    }
    PackedRegion.writeTrailer(out, lengths);
  }
}
