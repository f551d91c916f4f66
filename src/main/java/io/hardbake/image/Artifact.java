package io.hardbake.image;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.nio.file.Path;
import java.util.List;

/** A finished output file, whole under its final name. */
public record Artifact(Path file, Size size, Sha256 sha256) {
  /** The directories that a bake's results lie in, beside its report. */
  public static final List<String> ROOMS = List.of("images", "disks", "boxes", "manifests", "sbom");
}
