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

  /** Docker's context that is always there: the local engine, or whatever DOCKER_HOST says. */
  private static final String DEFAULT_CONTEXT = "default";

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
      DockerClientConfig configuration =
          configuration(
              settings.get(),
              Optional.ofNullable(System.getenv(DefaultDockerClientConfig.DOCKER_CONTEXT)));
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
              architecture(said(info.getArchitecture())), host.toString(), publishedHost(host)),
          Rights.of(said(info.getCGroupVersion())));
    } catch (RuntimeException e) {
      // docker-java wraps a refused connection in unchecked exceptions of several kinds.
      closeQuietly(client);
      throw EngineTrouble.ofSilence(host, e);
    }
  }

  /**
   * The settings as docker's command reads them: an address makes contexts count for nothing, and a
   * context that leads nowhere is an error. Of itself docker-java takes the local engine then.
   *
   * @param context what the environment names, which counts more than docker's own settings
   */
  static DockerClientConfig configuration(
      DefaultDockerClientConfig.Builder settings, Optional<String> context) throws HostException {
    Optional<String> named = context.filter(name -> !name.isBlank());
    if (settings.isDockerHostSetExplicitly()) {
      return settings.withDockerContext(DEFAULT_CONTEXT).build();
    }
    named.ifPresent(settings::withDockerContext);
    DefaultDockerClientConfig configuration = settings.build();
    String name = named.orElseGet(() -> said(configuration.getDockerConfig().getCurrentContext()));
    // The builder has an address by now if a context gave one.
    if (!settings.isDockerHostSetExplicitly() && !Set.of("", DEFAULT_CONTEXT).contains(name)) {
      throw EngineTrouble.noContext(name, named.isPresent());
    }
    return configuration;
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
