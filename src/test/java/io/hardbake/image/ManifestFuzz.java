package io.hardbake.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A manifest is refused with the number of a line, or written anew it reads the same. */
public final class ManifestFuzz {
  private ManifestFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Manifest manifest;
    try {
      manifest = Manifest.parse(input);
    } catch (IOException e) {
      return;
    }
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    manifest.write(written);
    if (!Manifest.parse(written.toByteArray()).equals(manifest)) {
      throw new AssertionError("written anew it reads otherwise");
    }
  }
}
