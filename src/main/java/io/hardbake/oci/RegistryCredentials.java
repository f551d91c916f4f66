package io.hardbake.oci;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.CredentialRetriever;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import com.google.cloud.tools.jib.registry.credentials.CredentialRetrievalException;
import io.hardbake.failure.HostException;
import io.hardbake.io.UserHome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The user's credentials for a registry, from where docker and podman keep them.
 *
 * @param credential the first that was found, if any
 * @param doubts why there may be others that were not, in Jib's words: a helper failed, or a file
 *     cannot be read
 */
record RegistryCredentials(Optional<Credential> credential, List<String> doubts) {
  /** How Jib begins what it says of a damaged file; it takes that for no more than information. */
  private static final String DAMAGED = "Unable to parse ";

  /** How it begins what names a helper, before it says what came of that. */
  private static final String TRYING = "trying ";

  RegistryCredentials {
    doubts = List.copyOf(doubts);
  }

  /** The first that is found; none is no error, since many registries ask for none. */
  static RegistryCredentials find(ImageReference image, Map<String, String> environment)
      throws HostException {
    List<String> doubts = new ArrayList<>();
    AtomicReference<String> trying = new AtomicReference<>("");
    CredentialRetrieverFactory factory =
        CredentialRetrieverFactory.forImage(
            image,
            event -> {
              String words = event.getMessage().strip();
              if (words.startsWith(TRYING)) {
                trying.set(words + ": ");
              } else if (event.getLevel() == LogEvent.Level.WARN) {
                doubts.add(trying.get() + words); // The words may be no more than "Broken pipe".
              } else if (words.startsWith(DAMAGED)) {
                doubts.add(words);
              }
            });
    List<CredentialRetriever> places = new ArrayList<>();
    files(environment).forEach(file -> places.add(factory.dockerConfig(file)));
    places.add(factory.wellKnownCredentialHelpers());
    places.add(factory.googleApplicationDefaultCredentials());
    for (CredentialRetriever place : places) {
      try {
        Optional<Credential> credential = place.retrieve();
        if (credential.isPresent()) {
          return new RegistryCredentials(credential, doubts);
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
    return new RegistryCredentials(Optional.empty(), doubts);
  }

  /** Where docker keeps them, then podman; a variable that is empty counts as one that is not. */
  static List<Path> files(Map<String, String> environment) {
    String docker = environment.getOrDefault("DOCKER_CONFIG", "");
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    List<Path> files = new ArrayList<>();
    files.add(
        docker.isEmpty()
            ? UserHome.of(environment).resolve(".docker/config.json")
            : Path.of(docker, "config.json"));
    if (!runtime.isEmpty()) {
      files.add(Path.of(runtime, "containers", "auth.json"));
    }
    return files;
  }
}
