package io.hardbake.oci;

import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Pools;
import io.hardbake.io.tar.Compression;
import io.hardbake.progress.Progress;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads the layers of an archive side by side, and owns their spools. */
final class LayerReaders implements Closeable {
  private final ArchiveMembers archive;
  private final Path scratch;
  private final Progress progress;
  private final ReadLimits limits;
  private final List<Spool> spools = new ArrayList<>();

  LayerReaders(ArchiveMembers archive, Path scratch, Progress progress, ReadLimits limits) {
    this.archive = archive;
    this.scratch = scratch;
    this.progress = progress;
    this.limits = limits;
  }

  /** The layers in the order given, with the names given. */
  List<ImageLayer> read(List<ArchiveReader.Blob> blobs, List<String> names)
      throws IOException, HostException, IntegrityException, InterruptedException {
    int threads = Math.max(1, Math.min(blobs.size(), Runtime.getRuntime().availableProcessors()));
    ExecutorService pool = Pools.of("layers", threads);
    try {
      List<Future<ImageLayer>> results = new ArrayList<>();
      for (int i = 0; i < blobs.size(); i++) {
        Spool spool = Spool.in(scratch);
        spools.add(spool);
        ArchiveReader.Blob blob = blobs.get(i);
        LayerReader reader = new LayerReader(names.get(i), spool, limits);
        results.add(pool.submit(() -> read(blob, reader)));
      }
      List<ImageLayer> layers = new ArrayList<>();
      for (Future<ImageLayer> result : results) {
        layers.add(result.get());
      }
      return layers;
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      Pools.stop(pool);
    }
  }

  private ImageLayer read(ArchiveReader.Blob blob, LayerReader reader)
      throws IOException, IntegrityException {
    Compression compression;
    try (InputStream beginning = archive.open(blob)) {
      compression = LayerReader.compression(beginning);
    }
    try (InputStream in = archive.open(blob);
        Progress.Task task = progress.begin("reading layer " + reader.name(), blob.size())) {
      return reader.read(in, compression, task::advance);
    } catch (LayerReader.UnreadableLayerException e) {
      boolean damaged = !e.digest().equals(blob.digest());
      throw new IntegrityException(
          "layer %s of %s cannot be read: %s%s"
              .formatted(
                  reader.name(),
                  archive.file(),
                  e.getMessage(),
                  damaged
                      ? "; expected sha256 %s, actual %s".formatted(blob.digest(), e.digest())
                      : ""),
          damaged
              ? "the file is damaged: bake the image again, or copy it anew"
              : "hardbake does not read such a layer; bake the image again",
          e);
    }
  }

  private static IOException failure(@Nullable Throwable cause)
      throws HostException, IntegrityException {
    if (cause instanceof IntegrityException integrity) {
      throw integrity;
    }
    if (cause instanceof IOException io) {
      if (io.getCause() instanceof HostException host) {
        throw host; // Nothing is wrong with the image.
      }
      return io;
    }
    throw new IllegalStateException(cause);
  }

  @Override
  public void close() throws IOException {
    for (Spool spool : spools) {
      spool.close();
    }
  }
}
