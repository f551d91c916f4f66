package io.hardbake.oci;

import io.hardbake.debian.unpack.TarBuilder;
import io.hardbake.failure.BakeException;
import io.hardbake.fuzz.InputFile;
import io.hardbake.progress.Progress;
import io.hardbake.tree.Entry;
import io.hardbake.tree.Entry.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * An image of two layers, in documents that fit them. It is refused, or every file of the tree that
 * they make can be read.
 */
public final class LayerFuzz {
  private static final InputFile FILE = new InputFile("image.oci.tar");

  private LayerFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException, InterruptedException {
    byte[] tar = TarBuilder.withChecksums(input);
    HandmadeImage.of(tar, tar).write(FILE.path());
    try (ImageReading image =
        ImageReading.of(FILE.path(), FILE.path().resolveSibling(""), Progress.silent())) {
      for (Entry entry : image.tree().entries().values()) {
        if (entry instanceof RegularFile file) {
          try (InputStream in = file.content().open()) {
            if (in.transferTo(OutputStream.nullOutputStream()) != file.content().size().bytes()) {
              throw new AssertionError("a file has another size than its header says");
            }
          }
        }
      }
    } catch (BakeException e) {
      // It says what is wrong.
    }
  }
}
