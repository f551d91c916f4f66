package io.hardbake.disk;

import io.hardbake.io.AtomicFile;
import io.hardbake.io.Pools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Writes a volume as a sparse file: a raw disk, for programs that read no other, and for the bench.
 * Only blocks that are not zero are written, chunk by chunk with several threads: the kernel lets
 * one at a time write to a file, but meanwhile another can read.
 */
public final class SparseWriter {
  private static final int CHUNK = 1 << 18;

  /** What may become a hole; the block size of the usual file systems. */
  private static final int BLOCK = 1 << 12;

  /** More would wait for each other. */
  private static final int MOST_THREADS = 3;

  private final Volume volume;
  private final FileChannel channel;
  private final Writeback writeback;
  private long next; // the first byte that no thread has taken

  private SparseWriter(Volume volume, FileChannel channel, Writeback writeback) {
    this.volume = volume;
    this.channel = channel;
    this.writeback = writeback;
  }

  /** Writes the file, synced as hardbake's outputs are, and whole under its name or not there. */
  public static void write(Volume volume, Path file) throws IOException {
    try (AtomicFile target = AtomicFile.begin(file);
        Writeback writeback = new Writeback(target.channel())) {
      new SparseWriter(volume, target.channel(), writeback).write();
      writeback.finish();
      target.commit();
    }
  }

  private void write() throws IOException {
    int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Pools.of("volume", threads);
    try {
      List<Future<Void>> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(pool.submit(this::writeChunks));
      }
      for (Future<Void> worker : workers) {
        Pools.result(worker);
      }
    } finally {
      Pools.stop(pool);
    }
    long size = volume.size().bytes();
    if (channel.size() < size) {
      // A channel grows by writing alone: a last byte that is zero has to be written.
      VolumeFile.writeFully(channel, size - 1, ByteBuffer.allocate(1));
    }
  }

  private Void writeChunks() throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK);
    long size = volume.size().bytes();
    try (VolumeReader reader = volume.reader()) {
      for (long at = take(); at < size; at = take()) {
        chunk.clear().limit((int) Math.min(CHUNK, size - at));
        reader.read(at, chunk);
        writeData(at, chunk.flip(), zeros);
      }
    }
    return null;
  }

  /** The beginning of a chunk that this thread is to write; the volume's size if none is left. */
  private synchronized long take() {
    long covered = volume.nextCovered(next);
    if (covered == volume.size().bytes()) {
      return covered;
    }
    long start = covered / BLOCK * BLOCK;
    next = Math.min(start + CHUNK, volume.size().bytes());
    return start;
  }

  /** Writes the blocks that are not zero, neighbours together. */
  private void writeData(long at, ByteBuffer chunk, ByteBuffer zeros) throws IOException {
    int length = chunk.limit();
    int from = 0;
    while (from < length) {
      int to = from;
      while (to < length && !isZero(chunk, to, Math.min(length, to + BLOCK), zeros)) {
        to = Math.min(length, to + BLOCK);
      }
      if (to > from) {
        VolumeFile.writeFully(channel, at + from, chunk.slice(from, to - from));
        written(to - from);
      }
      from = to + BLOCK;
    }
  }

  /** A writeback is for one thread at a time. */
  private synchronized void written(long bytes) throws IOException {
    writeback.written(bytes);
  }

  private static boolean isZero(ByteBuffer chunk, int from, int to, ByteBuffer zeros) {
    // Most blocks are known not to be zero by their first byte.
    return chunk.get(from) == 0
        && chunk.slice(from, to - from).mismatch(zeros.slice(0, to - from)) < 0;
  }
}
