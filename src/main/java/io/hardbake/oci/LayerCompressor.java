package io.hardbake.oci;

import io.hardbake.failure.BakeException;
import io.hardbake.io.Pools;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.io.tar.TarHeader;
import io.hardbake.progress.Progress;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.Layer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.concurrent.ExecutorService;

/** Turns layers into compressed blobs, each computed once and then found in the cache. */
final class LayerCompressor implements AutoCloseable {
  private static final String KIND = "layer";

  /** In flight at once, each of up to 2 MiB: the heap is the same on a host of many cores. */
  private static final int MOST_BLOCKS = 32;

  private final LayerCache cache;
  private final Progress progress;
  private final int jobs;
  private final ExecutorService pool;

  LayerCompressor(LayerCache cache, Progress progress, int jobs) {
    this.cache = cache;
    this.progress = progress;
    this.jobs = jobs;
    this.pool = Pools.of("gzip", jobs);
  }

  CompressedLayer compress(Layer layer) throws IOException, BakeException, InterruptedException {
    LayerTar.check(layer);
    return CompressedLayer.read(
        cache.derived(KIND, LayerKey.of(layer), out -> fill(layer, out)), layer.name());
  }

  private void fill(Layer layer, OutputStream out)
      throws IOException, BakeException, InterruptedException {
    int blocks = Math.min(jobs + 2, MOST_BLOCKS);
    MessageDigest blob = Sha256.newDigest();
    MessageDigest tar = Sha256.newDigest();
    try (Progress.Task task = progress.begin("compressing " + layer.name(), bodies(layer));
        GzipStream gzip = new GzipStream(new DigestOutputStream(out, blob), pool, blocks)) {
      OutputStream hashed =
          new BufferedOutputStream(new DigestOutputStream(gzip, tar), TarHeader.BLOCK * 128);
      LayerTar.write(layer, hashed, task::advance);
      hashed.flush();
      gzip.finish();
    } catch (InterruptedIOException e) {
      throw (InterruptedException) new InterruptedException().initCause(e);
    }
    CompressedLayer.writeFooter(out, Sha256.of(blob), Sha256.of(tar));
  }

  private static Size bodies(Layer layer) {
    return layer.entries().values().stream()
        .map(entry -> entry instanceof RegularFile file ? file.content().size() : Size.ZERO)
        .reduce(Size.ZERO, Size::plus);
  }

  @Override
  public void close() {
    Pools.stop(pool);
  }
}
