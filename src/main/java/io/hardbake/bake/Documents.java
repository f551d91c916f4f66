package io.hardbake.bake;

import io.hardbake.image.Artifact;
import io.hardbake.io.AtomicFile;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** Files that tell of artifacts; hashed while they are written, so that others can name them. */
final class Documents {
  private Documents() {}

  static Artifact write(Path target, AtomicFile.Filler filler) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    AtomicFile.write(
        target,
        out -> {
          digest.reset();
          OutputStream hashed = new BufferedOutputStream(new DigestOutputStream(out, digest));
          filler.fill(hashed);
          hashed.flush();
        });
    return new Artifact(target, new Size(Files.size(target)), Sha256.of(digest));
  }
}
