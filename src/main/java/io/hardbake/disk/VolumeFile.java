package io.hardbake.disk;

import io.hardbake.failure.BakeException;
import io.hardbake.image.Artifact;
import io.hardbake.image.Ledger;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Writes a volume that is the whole of a file, such as a box or a disk of some format. */
public final class VolumeFile {
  private VolumeFile() {}

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
}
