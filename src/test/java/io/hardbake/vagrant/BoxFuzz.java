package io.hardbake.vagrant;

import io.hardbake.debian.unpack.TarBuilder;
import io.hardbake.fuzz.InputFile;
import io.hardbake.io.Size;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.io.tar.TarIndex;
import java.io.IOException;
import java.nio.file.Path;

/** A box is refused, or its documents and the member that is the disk are found. */
public final class BoxFuzz {
  private static final InputFile FILE = new InputFile("some.box");

  private BoxFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Path file = FILE.holding(TarBuilder.withChecksums(input));
    try {
      TarIndex tar = TarIndex.of(file);
      if (BoxReading.isBox(tar)) {
        BoxReading box = BoxReading.of(tar);
        box.compare(Size.gib(10));
        if (!tar.members().containsValue(box.disk())) {
          throw new AssertionError("its disk is no member of the box");
        }
      }
    } catch (MalformedArchiveException e) {
      // It says what is wrong.
    }
  }
}
