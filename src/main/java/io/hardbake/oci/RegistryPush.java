package io.hardbake.oci;

import io.hardbake.failure.BakeException;
import io.hardbake.io.Sha256;
import io.hardbake.progress.Progress;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Sends an archive's blobs and its manifest, byte for byte, to a registry through Jib's registry
 * client, with the user's docker credentials.
 */
public final class RegistryPush {
  private final Progress progress;
  private final Transport transport;

  /** How the registry may be spoken to. */
  public enum Transport {
    /** TLS with a verified certificate. */
    SECURE,
    /** Plain HTTP too, and only to a registry on this machine's loopback. */
    PLAIN_ON_LOOPBACK
  }

  /**
   * What the registry now has.
   *
   * @param reference with registry and tag
   * @param manifest the manifest's digest, equal to the archive's
   * @param sent how many blobs were sent; the others were there already
   */
  public record Pushed(String reference, Sha256 manifest, int sent) {}

  public RegistryPush(Progress progress, Transport transport) {
    this.progress = progress;
    this.transport = transport;
  }

  /**
   * Pushes {@code archive} as {@code reference}, such as {@code registry.example/team/controller};
   * without a tag the archive's own is taken.
   */
  public Pushed push(Path archive, String reference) throws BakeException, InterruptedException {
    Objects.requireNonNull(archive);
    throw new UnsupportedOperationException(archive + reference + progress + transport);
  }
}
