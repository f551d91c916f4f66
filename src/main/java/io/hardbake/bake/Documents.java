package io.hardbake.bake;

import io.hardbake.image.Artifact;
import io.hardbake.io.AtomicFile;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Files that tell of artifacts, with the digest by which others name them. They are a few megabytes
 * at most, and mostly equal to those of the bake before, which then stay.
 */
final class Documents {
  private Documents() {}

  static Artifact write(Path target, AtomicFile.Filler filler) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    filler.fill(bytes);
    return write(target, bytes.toByteArray());
  }

  static Artifact write(Path target, byte[] content) throws IOException {
    AtomicFile.write(target, content);
    return new Artifact(target, new Size(content.length), Sha256.of(content));
  }
}
