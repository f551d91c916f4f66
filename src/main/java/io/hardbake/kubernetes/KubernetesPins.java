package io.hardbake.kubernetes;

import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import io.hardbake.io.Sha512;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/**
 * The digests that hardbake itself vouches for.
 *
 * <p>A release has no signature before v1.26, and the host that serves a tarball serves its
 * checksum too; so the digest comes from elsewhere: the changelog in Kubernetes' own repository.
 * The server tarball is the one anchor, since no second place publishes digests of the servers one
 * by one; kubectl is published by others, and what they say is compared.
 *
 * <p>To pin another version, give its digest in the recipe, or add its lines to {@code
 * pins.properties}.
 */
public final class KubernetesPins {
  /**
   * What is known of one tarball.
   *
   * @param serverTarball of {@code kubernetes-server-linux-<arch>.tar.gz}, the whole file
   * @param kubectl of {@code kubectl} inside it, where a second place vouches for it
   */
  public record Pin(Sha512 serverTarball, Optional<Sha256> kubectl) {}

  private final Properties lines;

  /** As {@code pins.properties} has them. */
  KubernetesPins(Properties lines) {
    this.lines = lines;
  }

  /** The pins that hardbake ships. */
  public static KubernetesPins builtIn() {
    Properties lines = new Properties();
    try (InputStream in = KubernetesPins.class.getResourceAsStream("pins.properties")) {
      if (in == null) {
        throw new IllegalStateException("pins.properties is not on the class path");
      }
      lines.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new KubernetesPins(lines);
  }

  public Optional<Pin> find(KubernetesVersion version, Architecture architecture) {
    String prefix = version + "/" + architecture + "/";
    return Optional.ofNullable(lines.getProperty(prefix + "server.sha512"))
        .map(
            sha512 ->
                new Pin(
                    new Sha512(sha512),
                    Optional.ofNullable(lines.getProperty(prefix + "kubectl.sha256"))
                        .map(Sha256::new)));
  }
}
