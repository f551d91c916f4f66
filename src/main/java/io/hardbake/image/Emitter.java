package io.hardbake.image;

import io.hardbake.failure.BakeException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Turns an image into one file of one format. Emitters compose: {@code
 * raw.then(qcow2).then(vagrantBox)}.
 */
@FunctionalInterface
public interface Emitter {
  /** Writes the artifact into {@code directory} under the name that the contract gives it. */
  Artifact emit(Image image, Path directory)
      throws IOException, BakeException, InterruptedException;
}
