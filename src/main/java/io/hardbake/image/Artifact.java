package io.hardbake.image;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.nio.file.Path;

/** A finished output file, whole under its final name. */
public record Artifact(Path file, Size size, Sha256 sha256) {}
