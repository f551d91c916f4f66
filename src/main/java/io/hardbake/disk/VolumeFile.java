package io.hardbake.disk;

import io.hardbake.failure.BakeException;
import io.hardbake.image.Artifact;
import io.hardbake.image.Ledger;
import io.hardbake.io.AtomicFile;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Writes a volume as a file, front to back. That is a raw disk where the volume is a disk, and a
 * disk of another format where the volume is that format's file.
 */
public final class VolumeFile {
  private VolumeFile() {}

  /**
   * Writes a sparse file: blocks of zeros take no space. Whole under its final name, or not there.
   */
  public static void writeSparse(Volume volume, Path file) throws IOException {
    AtomicFile.writeAt(
        file,
        channel -> {
          try (Writeback writeback = new Writeback(channel)) {
            new SparseWriter(volume, channel, writeback).write();
            writeback.finish();
          }
          setSize(channel, volume.size().bytes());
        });
  }

  /** Writes every byte and hashes it on the way. Whole under its final name, or not there. */
  public static Artifact write(Volume volume, Path file) throws IOException {
    return write(volume, file, written -> {});
  }

  /** The same with a word to who waits, unless an earlier bake wrote these very bytes there. */
  public static Artifact write(Volume volume, Path file, Ledger ledger, Progress progress)
      throws IOException, BakeException, InterruptedException {
    String key = "volume " + volume.identity(0, volume.size().bytes());
    return ledger.artifact(
        file,
        key,
        () -> {
          try (Progress.Task task =
              progress.begin("writing " + file.getFileName(), volume.size())) {
            return write(volume, file, task::advance);
          }
        });
  }

  private static Artifact write(Volume volume, Path file, LongConsumer advance) throws IOException {
    try (FrontToBack out = FrontToBack.begin(file)) {
      out.extend(volume, advance);
      return out.commit();
    }
  }

  static void writeFully(FileChannel channel, long at, ByteBuffer bytes) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }

  /** A channel grows by writing alone: a last byte that is zero has to be written. */
  private static void setSize(FileChannel channel, long size) throws IOException {
    if (channel.size() < size) {
      writeFully(channel, size - 1, ByteBuffer.allocate(1));
    }
  }
}
