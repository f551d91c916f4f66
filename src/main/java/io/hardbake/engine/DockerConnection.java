package io.hardbake.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.hardbake.failure.HostException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine that answered.
 *
 * @param facts what it said of itself
 * @param rights which its machines need
 */
record DockerConnection(DockerClient client, EngineFacts facts, Rights rights) {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Set<String> SPOKEN = Set.of("unix", "npipe", "tcp");

  static DockerConnection open(Optional<URI> address) throws HostException {
    return open(
        () -> {
          DefaultDockerClientConfig.Builder settings =
              DefaultDockerClientConfig.createDefaultConfigBuilder();
          address.ifPresent(uri -> settings.withDockerHost(uri.toString()));
          return settings;
        });
  }

  /** Reading the settings may fail like all that comes after it. */
  static DockerConnection open(Supplier<DefaultDockerClientConfig.Builder> settings)
      throws HostException {
    URI host;
    DockerClient client;
    try {
      DockerClientConfig configuration = settings.get().build();
      host = configuration.getDockerHost();
      if (!SPOKEN.contains(said(host.getScheme()))) {
        throw EngineTrouble.unspoken(host);
      }
      client =
          DockerClientImpl.getInstance(
              configuration,
              new ZerodepDockerHttpClient.Builder()
                  .dockerHost(host)
                  .sslConfig(configuration.getSSLConfig())
                  .connectionTimeout(CONNECT)
                  .build());
    } catch (RuntimeException e) {
      throw EngineTrouble.ofSettings(e);
    }
    try {
      Info info = client.infoCmd().exec();
      return new DockerConnection(
          client,
          new EngineFacts(
              said(info.getServerVersion()),
              architecture(said(info.getArchitecture())),
              host.toString(),
              publishedHost(host)),
          Rights.of(said(info.getCGroupVersion())));
    } catch (RuntimeException e) {
      // docker-java wraps a refused connection in unchecked exceptions of several kinds.
      closeQuietly(client);
      throw EngineTrouble.ofSilence(host, e);
    }
  }

  private static String publishedHost(URI engine) {
    String host = engine.getHost();
    return "tcp".equals(engine.getScheme()) && host != null && !host.equals("localhost")
        ? host
        : EngineFacts.LOOPBACK;
  }

  /** The kernel's word for the architecture as OCI's. */
  private static String architecture(String machine) {
    return switch (machine) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> machine;
    };
  }

  /** What docker-java may leave out. */
  static String said(@Nullable String words) {
    return words == null ? "" : words;
  }

  static void closeQuietly(DockerClient client) {
    try {
      client.close();
    } catch (IOException e) {
      // Nothing is lost: all that was asked was answered.
      return;
    }
  }
}
