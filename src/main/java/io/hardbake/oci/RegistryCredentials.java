package io.hardbake.oci;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException;
import io.hardbake.failure.HostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the user's credentials for a registry where docker and podman keep them. */
final class RegistryCredentials {
  private RegistryCredentials() {}

  /** The first that is found; none is no error, since many registries ask for none. */
  static Optional<Credential> find(ImageReference image, Map<String, String> environment)
      throws HostException {
    CredentialRetrieverFactory factory = CredentialRetrieverFactory.forImage(image, event -> {});
    List<CredentialRetriever> places = new ArrayList<>();
    if (environment.containsKey("DOCKER_CONFIG")) {
      places.add(factory.dockerConfig(file(environment, "DOCKER_CONFIG", "config.json")));
    } else {
      places.add(factory.dockerConfig());
    }
    if (environment.containsKey("XDG_RUNTIME_DIR")) {
      places.add(
          factory.dockerConfig(file(environment, "XDG_RUNTIME_DIR", "containers/auth.json")));
    }
    places.add(factory.wellKnownCredentialHelpers());
    places.add(factory.googleApplicationDefaultCredentials());
    for (CredentialRetriever place : places) {
      try {
        Optional<Credential> credential = place.retrieve();
        if (credential.isPresent()) {
          return credential;
        }
      } catch (CredentialRetrievalException e) {
        throw new HostException(
            "the credentials for %s cannot be read: %s"
                .formatted(image.getRegistry(), e.getMessage()),
            "check the credential helper in your docker configuration, or run: docker login "
                + image.getRegistry(),
            e);
      }
    }
    return Optional.empty();
  }

  private static Path file(Map<String, String> environment, String variable, String name) {
    return Path.of(environment.getOrDefault(variable, "")).resolve(name);
  }
}
