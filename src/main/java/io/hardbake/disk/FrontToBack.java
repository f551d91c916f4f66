package io.hardbake.disk;

import io.hardbake.image.Artifact;
import io.hardbake.io.AtomicFile;
import io.hardbake.io.Size;
import io.hardbake.io.WriteFailure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * A file that is written from its front, and hashed on the way, while its end may still be worked
 * out. Whole under its final name after {@link #commit}, or not there. For one thread.
 */
public final class FrontToBack implements Closeable {
  private static final int CHUNK = 1 << 18;

  private final Path target;
  private final AtomicFile file;
  private final AsideDigest digest = new AsideDigest(CHUNK);
  private final Writeback writeback;
  private final ByteBuffer[] chunks = new ByteBuffer[AsideDigest.BUFFERS];
  private int turn;
  private long written;

  private FrontToBack(Path target, AtomicFile file) {
    this.target = target;
    this.file = file;
    this.writeback = new Writeback(file.channel());
    Arrays.setAll(chunks, i -> ByteBuffer.allocateDirect(CHUNK));
  }

  /** Begins a file, making its directory when it is missing. */
  public static FrontToBack begin(Path target) throws IOException {
    return new FrontToBack(target, AtomicFile.begin(target));
  }

  /**
   * Writes what a volume has behind the bytes that are written already, to its end. It need not
   * know what it has before them.
   */
  public void extend(Volume volume) throws IOException {
    extend(volume, bytes -> {});
  }

  /** {@code advance} is told how many bytes more are written. */
  void extend(Volume volume, LongConsumer advance) throws IOException {
    try (VolumeReader reader = volume.reader()) {
      while (written < volume.size().bytes()) {
        ByteBuffer chunk = chunks[turn++ % chunks.length];
        int length = (int) Math.min(CHUNK, volume.size().bytes() - written);
        chunk.clear().limit(length);
        reader.read(written, chunk);
        digest.update(chunk.flip());
        write(chunk, length);
        advance.accept(length);
      }
    }
  }

  private void write(ByteBuffer chunk, int length) throws IOException {
    try {
      VolumeFile.writeFully(file.channel(), written, chunk);
      writeback.written(length);
    } catch (IOException e) {
      throw WriteFailure.of(target, e);
    }
    written += length;
  }

  /** Gives the file its name. */
  public Artifact commit() throws IOException {
    try {
      writeback.finish();
      Artifact artifact = new Artifact(target, new Size(written), digest.finish());
      file.commit();
      return artifact;
    } catch (IOException e) {
      throw WriteFailure.of(target, e);
    }
  }

  /** Removes what was not committed. */
  @Override
  public void close() throws IOException {
    digest.close();
    writeback.close();
    file.close();
  }
}
