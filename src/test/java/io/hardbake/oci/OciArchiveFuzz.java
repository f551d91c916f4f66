package io.hardbake.oci;

import io.hardbake.failure.BakeException;
import io.hardbake.fuzz.InputFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/** An image archive is refused, or every blob that it leads to can be read. */
public final class OciArchiveFuzz {
  private static final InputFile FILE = new InputFile("image.oci.tar");

  private OciArchiveFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException, InterruptedException {
    Path file = FILE.holding(input);
    ArchiveReader archive;
    try {
      archive = ArchiveReader.open(file);
    } catch (BakeException e) {
      return;
    }
    for (ArchiveReader.Blob blob : archive.blobs()) {
      try (InputStream in = archive.open(blob)) {
        if (in.transferTo(OutputStream.nullOutputStream()) != blob.size().bytes()) {
          throw new AssertionError("a blob has another size than it says: " + blob);
        }
      }
    }
  }
}
