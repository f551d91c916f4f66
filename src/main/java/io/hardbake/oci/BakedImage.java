package io.hardbake.oci;

import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A baked archive, and by which names others know the image in it.
 *
 * @param names that an engine gives the image, the one with the version first: {@code
 *     hardbake/controller:v1.18.6}
 * @param configuration the digest of the image's configuration: the image's ID in docker's own
 *     store
 * @param manifest the digest of the image's manifest: its name in a registry, and its ID in
 *     containerd's store
 * @param architecture in OCI's words: {@code amd64} or {@code arm64}
 */
public record BakedImage(
    Path archive, List<String> names, Sha256 configuration, Sha256 manifest, String architecture) {
  public BakedImage {
    names = List.copyOf(names);
  }

  /**
   * The image in {@code archive}. Its documents are checked, its layers are not read; {@link
   * #verify} does that.
   */
  public static BakedImage of(Path archive) throws BakeException, InterruptedException {
    ArchiveReader reader = ArchiveReader.identify(archive);
    return new BakedImage(
        archive,
        reader.names(),
        reader.configuration().digest(),
        reader.manifestDigest(),
        architecture(reader));
  }

  /** Reads all of the archive: nothing damaged is sent on. */
  public void verify() throws BakeException, InterruptedException {
    ArchiveReader whole = ArchiveReader.open(archive);
    if (!whole.manifestDigest().equals(manifest)) {
      throw new IntegrityException(
          "%s was replaced meanwhile: expected manifest sha256 %s, actual %s"
              .formatted(archive, manifest, whole.manifestDigest()),
          "wait for the bake to end, then run the command again");
    }
  }

  private static String architecture(ArchiveReader reader) throws BakeException {
    try {
      String configuration = ArchiveMembers.name(reader.configuration().digest());
      return ArchiveMembers.of(reader.file()).json(configuration).path("architecture").asText();
    } catch (IOException e) {
      throw new IntegrityException(
          "the configuration in %s cannot be read: %s".formatted(reader.file(), e.getMessage()),
          "bake the image again",
          e);
    }
  }
}
