package io.hardbake.artifact;

import io.hardbake.failure.UsageException;
import io.hardbake.image.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The manifest that a bake wrote beside an output: {@code ../manifests/controller-amd64.txt}. */
public final class ManifestFile {
  private ManifestFile() {}

  /** Where the manifest of an output is, if it still stands where the bake put it. */
  public static Optional<Path> beside(Reading reading) {
    Path directory = reading.file().toAbsolutePath().normalize().getParent();
    if (directory == null || directory.getParent() == null) {
      return Optional.empty();
    }
    Path manifest = directory.resolveSibling("manifests").resolve(stem(reading) + ".txt");
    return Files.isRegularFile(manifest) ? Optional.of(manifest) : Optional.empty();
  }

  /** How the names of an output's manifest and SBOM begin: {@code controller-amd64-disk}. */
  public static String stem(Reading reading) {
    String name = reading.file().getFileName().toString();
    return switch (reading.kind()) {
      case OCI -> name.replaceFirst("\\.oci\\.tar$", "");
      case DISK -> name.replaceFirst("\\.[a-z0-9]+$", "") + "-disk";
      case LIBVIRT_BOX, VIRTUALBOX_BOX ->
          name.replaceFirst("-(libvirt|virtualbox)\\.box$", "") + "-box";
    };
  }

  /**
   * Reads a manifest.
   *
   * @throws UsageException if the file is none
   */
  public static Manifest read(Path file) throws IOException, UsageException {
    byte[] text = Files.readAllBytes(file);
    try {
      return Manifest.parse(text);
    } catch (IOException e) {
      throw new UsageException(
          "%s is no manifest: %s".formatted(file, e.getMessage()),
          "name one that a bake wrote, such as target/manifests/controller-amd64.txt",
          e);
    }
  }
}
