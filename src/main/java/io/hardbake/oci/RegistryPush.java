package io.hardbake.oci;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InsecureRegistryException;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.RegistryAuthenticationFailedException;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.registry.RegistryClient;
import com.google.cloud.tools.jib.registry.RegistryCredentialsNotSentException;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import io.hardbake.fetch.Proxies;
import io.hardbake.io.Pools;
import io.hardbake.io.Sha256;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.DigestException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * Sends an archive's blobs and its manifest, byte for byte, to a registry through Jib's registry
 * client, with the user's docker credentials. The manifest goes last: whoever can see it can pull
 * all that it names.
 */
public final class RegistryPush {
  private static final int PARALLEL_UPLOADS = 4;
  private static final String USER_AGENT = "hardbake";

  /** Jib's property for how long it waits for an answer, in milliseconds. */
  private static final String PATIENCE = "jib.httpTimeout";

  /**
   * Registries may copy a whole layer to another place before they answer. Jib would wait for 20
   * seconds, and then send the same again.
   */
  private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(5);

  private final Progress progress;
  private final Transport transport;
  private final Map<String, String> environment;
  private final Duration patience;

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
   */
  public record Pushed(String reference, Sha256 manifest) {}

  /** Takes credentials and proxies from where this process's environment says. */
  public RegistryPush(Progress progress, Transport transport) {
    this(progress, transport, System.getenv());
  }

  /**
   * {@code environment} says where docker's and podman's credentials are kept, and which proxies
   * lead to the registry. While a push lasts, they are all this process's.
   */
  public RegistryPush(Progress progress, Transport transport, Map<String, String> environment) {
    this(progress, transport, environment, DEFAULT_PATIENCE);
  }

  /**
   * The same.
   *
   * @param patience how long the registry may take for an answer, unless Jib's own property says so
   */
  RegistryPush(
      Progress progress, Transport transport, Map<String, String> environment, Duration patience) {
    this.patience = patience;
    this.progress = progress;
    this.transport = transport;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Pushes {@code archive} as {@code reference}, such as {@code registry.example/team/controller};
   * without a tag the archive's own is taken.
   */
  public Pushed push(Path archive, String reference) throws BakeException, InterruptedException {
    ArchiveReader image = ArchiveReader.open(archive);
    ImageReference target = target(image, reference);
    RegistryCredentials credentials = RegistryCredentials.find(target, environment);
    boolean plain = transport == Transport.PLAIN_ON_LOOPBACK;
    FailoverHttpClient http = new FailoverHttpClient(plain, plain, event -> {});
    Proxies proxies = Proxies.of(environment);
    if (!plain) {
      proxies.require(URI.create("https://" + target.getRegistry() + "/"));
    }
    ProxySelector selector = ProxySelector.getDefault();
    Authenticator authenticator = Authenticator.getDefault();
    boolean patient = System.getProperty(PATIENCE) == null;
    try {
      try {
        // Jib asks for a proxy nowhere else. Without one in the environment, Java's own count.
        if (!plain && !proxies.isEmpty()) {
          ProxySelector.setDefault(proxies);
          proxies.authenticator().ifPresent(Authenticator::setDefault);
        }
        if (patient) {
          System.setProperty(PATIENCE, Long.toString(patience.toMillis()));
        }
        RegistryProbe.knock(target.getRegistry(), !plain);
        RegistryClient client = authenticated(target, credentials.credential(), http);
        sendBlobs(client, image, target);
        sendManifest(client, image, target);
        return new Pushed(target.toStringWithQualifier(), image.manifestDigest());
      } finally {
        ProxySelector.setDefault(selector);
        Authenticator.setDefault(authenticator);
        if (patient) {
          System.clearProperty(PATIENCE);
        }
        http.shutDown();
      }
    } catch (RegistryException | IOException e) {
      throw failure(target, credentials.doubts(), e);
    }
  }

  private ImageReference target(ArchiveReader image, String reference)
      throws UsageException, UnreachableException {
    ImageReference parsed;
    try {
      parsed = ImageReference.parse(reference);
    } catch (InvalidImageReferenceException e) {
      throw new UsageException(
          "'" + reference + "' does not name an image in a registry",
          "write it as REGISTRY/REPOSITORY or REGISTRY/REPOSITORY:TAG",
          e);
    }
    if (parsed.getDigest().isPresent()) {
      throw new UsageException(
          "an image cannot be pushed under a digest: " + reference,
          "name a tag, or nothing after the repository");
    }
    if (RegistryProbe.hasImpossiblePort(parsed.getRegistry())) {
      throw new UsageException(
          "there is no such port: " + parsed.getRegistry(), "use 1 to 65535, or none for 443");
    }
    if (transport == Transport.PLAIN_ON_LOOPBACK) {
      requireLoopback(parsed.getRegistry());
    }
    // Jib reads a missing tag as "latest"; the text says whether there was one.
    String lastComponent = reference.substring(reference.lastIndexOf('/') + 1);
    String name = image.names().get(0);
    return lastComponent.indexOf(':') >= 0
        ? parsed
        : parsed.withQualifier(name.substring(name.lastIndexOf(':') + 1));
  }

  private static void requireLoopback(String registry) throws UsageException, UnreachableException {
    String host = RegistryProbe.host(registry);
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          throw new UsageException(
              "plain HTTP is for registries on this machine only, and " + registry + " is not",
              "give the registry a certificate and leave the option out");
        }
      }
    } catch (UnknownHostException e) {
      throw new UnreachableException(
          "the registry's name does not resolve: " + host, "check the name", e);
    }
  }

  private static RegistryClient authenticated(
      ImageReference target, Optional<Credential> credential, FailoverHttpClient http)
      throws IOException, RegistryException {
    RegistryClient client =
        RegistryClient.factory(
                EventHandlers.NONE, target.getRegistry(), target.getRepository(), http)
            .setCredential(credential.orElse(null))
            .setUserAgent(USER_AGENT)
            .newRegistryClient();
    boolean bearer = client.doPushBearerAuth();
    if (!bearer && credential.isPresent() && !credential.get().isOAuth2RefreshToken()) {
      client.configureBasicAuth();
    }
    return client;
  }

  private void sendBlobs(RegistryClient client, ArchiveReader image, ImageReference target)
      throws IOException, RegistryException, InterruptedException {
    ExecutorService uploads = Pools.of("push", PARALLEL_UPLOADS);
    try {
      List<Future<?>> results = new ArrayList<>();
      for (ArchiveReader.Blob blob : image.blobs()) {
        results.add(
            uploads.submit(
                () -> {
                  sendBlob(client, image, blob, target);
                  return null;
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      if (e.getCause() instanceof RegistryException registry) {
        throw registry;
      }
      throw new IllegalStateException(e);
    } finally {
      uploads.shutdownNow();
    }
  }

  /** Sends a blob that the registry does not have. */
  private void sendBlob(
      RegistryClient client, ArchiveReader image, ArchiveReader.Blob blob, ImageReference target)
      throws IOException, RegistryException {
    DescriptorDigest digest = jib(blob.digest());
    if (client.checkBlob(digest).isPresent()) {
      return;
    }
    String what = "pushing %.12s to %s".formatted(blob.digest(), target.getRegistry());
    try (Progress.Task task = progress.begin(what, blob.size())) {
      client.pushBlob(
          digest,
          Blobs.from(
              out -> {
                try (InputStream in = image.open(blob)) {
                  in.transferTo(out);
                }
              },
              true),
          null,
          task::advance);
    }
  }

  /** Sends the manifest, and reads it back: the digest is of the bytes that the registry serves. */
  private static void sendManifest(
      RegistryClient client, ArchiveReader image, ImageReference target)
      throws IOException, RegistryException, IntegrityException {
    String tag = target.getQualifier();
    client.pushManifest(new RawManifest(image.manifest()), tag);
    String served = client.pullManifest(tag).getDigest().getHash();
    if (!served.equals(image.manifestDigest().hex())) {
      throw new IntegrityException(
          "the registry serves another manifest than was pushed as %s: expected sha256 %s, actual %s"
              .formatted(target.toStringWithQualifier(), image.manifestDigest(), served),
          "push again; if it stays so, the registry rewrites manifests and cannot be used");
    }
  }

  private static DescriptorDigest jib(Sha256 digest) {
    try {
      return DescriptorDigest.fromHash(digest.hex());
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BakeException failure(ImageReference target, List<String> doubts, Exception e) {
    String registry = target.getRegistry();
    String problem = "pushing to " + target.toStringWithQualifier() + " failed: " + reason(e);
    if (e instanceof RegistryUnauthorizedException
        || e instanceof RegistryAuthenticationFailedException) {
      return new HostException(
          problem + doubts.stream().map(doubt -> "\n  " + doubt).collect(Collectors.joining()),
          "log in with an account that may push there: docker login " + registry,
          e);
    }
    if (e instanceof SSLException
        || e instanceof InsecureRegistryException
        || e instanceof RegistryCredentialsNotSentException) {
      return new UnreachableException(
          problem,
          "give the registry a certificate for the name %s that Java trusts: its own trust store counts, or one that JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=FILE names; plain HTTP works on loopback only, and has to be asked for"
              .formatted(RegistryProbe.host(registry)),
          e);
    }
    if (problem.toUpperCase(Locale.ROOT).contains("DIGEST_INVALID")) {
      return new IntegrityException(problem, "push again", e);
    }
    return new UnreachableException(
        problem,
        "check the name, the network, the proxy settings (https_proxy, no_proxy) and the registry's own"
            + " log, then push again",
        e);
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
