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
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Writes a volume as a file, front to back. That is a raw disk where the volume is a disk, and a
 * disk of another format where the volume is that format's file.
 */
public final class VolumeFile {
  private static final int CHUNK = 1 << 18;

  /** What may become a hole; the block size of the usual file systems. */
  private static final int BLOCK = 1 << 12;

  private static final byte[] ZEROS = new byte[BLOCK];

  private VolumeFile() {}

  /**
   * Writes a sparse file: blocks of zeros take no space. Whole under its final name, or not there.
   */
  public static void writeSparse(Volume volume, Path file) throws IOException {
    AtomicFile.writeAt(
        file,
        channel -> {
          byte[] chunk = new byte[CHUNK];
          long size = volume.size().bytes();
          try (VolumeReader reader = volume.reader()) {
            long at = volume.nextCovered(0);
            while (at < size) {
              long start = at / BLOCK * BLOCK;
              int length = (int) Math.min(CHUNK, size - start);
              reader.read(start, ByteBuffer.wrap(chunk, 0, length));
              writeData(channel, start, chunk, length);
              at = volume.nextCovered(start + length);
            }
          }
          setSize(channel, size);
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

  /** {@code advance} is told how many bytes more are written. */
  private static Artifact write(Volume volume, Path file, LongConsumer advance) throws IOException {
    long size = volume.size().bytes();
    try (AsideDigest digest = new AsideDigest()) {
      AtomicFile.writeAt(
          file,
          channel -> {
            byte[] chunk = new byte[CHUNK];
            byte[] hashed = new byte[CHUNK];
            try (VolumeReader reader = volume.reader()) {
              for (long at = 0; at < size; at += CHUNK) {
                int length = (int) Math.min(CHUNK, size - at);
                reader.read(at, ByteBuffer.wrap(chunk, 0, length));
                digest.update(chunk, length);
                writeFully(channel, at, ByteBuffer.wrap(chunk, 0, length));
                advance.accept(length);
                byte[] free = hashed;
                hashed = chunk;
                chunk = free;
              }
            }
          });
      return new Artifact(file, volume.size(), digest.finish());
    }
  }

  /** Writes the blocks that are not zero, neighbours together. */
  private static void writeData(FileChannel channel, long at, byte[] chunk, int length)
      throws IOException {
    int from = 0;
    while (from < length) {
      int to = from;
      while (to < length && !isZero(chunk, to, Math.min(length, to + BLOCK))) {
        to = Math.min(length, to + BLOCK);
      }
      if (to > from) {
        writeFully(channel, at + from, ByteBuffer.wrap(chunk, from, to - from));
      }
      from = to + BLOCK;
    }
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    return Arrays.equals(bytes, from, to, ZEROS, 0, to - from);
  }

  private static void writeFully(FileChannel channel, long at, ByteBuffer bytes)
      throws IOException {
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
