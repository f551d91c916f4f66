package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.HostException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.oci.RegistryPush.Transport;
import io.hardbake.progress.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a push makes of a registry that is slow, of another name, or closed. */
@ResourceLock(RegistryPushTest.PROPERTIES)
final class RegistryAnswersTest {
  private static final String PATIENCE = "jib.httpTimeout";

  @TempDir Path directory;
  private Path archive = Path.of("");
  private StubRegistry registry;

  @BeforeEach
  void start() throws Exception {
    archive = ImageTools.archive(directory);
    registry = StubRegistry.start(directory);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /** Jib's own 20 seconds are too few for a registry that copies a layer before it answers. */
  @Test
  void aRegistryHasMinutesToCommit() throws Exception {
    push(directory).push(archive, registry.name() + "/x");
    assertEquals(blobs(), registry.patience.size());
    assertEquals(Set.of("300000"), new HashSet<>(registry.patience));
    assertNull(System.getProperty(PATIENCE));
  }

  @Test
  void withoutPatienceTheSameIsSentAgain() throws Exception {
    registry.firstCommit = Duration.ofSeconds(3);
    RegistryPush push =
        new RegistryPush(
            Progress.silent(),
            Transport.PLAIN_ON_LOOPBACK,
            environment(directory),
            Duration.ofSeconds(1));
    push.push(archive, registry.name() + "/x");
    assertTrue(registry.patience.size() > blobs(), registry.patience::toString);
  }

  @Test
  void whatTheUserSaidCounts() throws Exception {
    System.setProperty(PATIENCE, "120000");
    try {
      push(directory).push(archive, registry.name() + "/x");
      assertEquals(Set.of("120000"), new HashSet<>(registry.patience));
      assertEquals("120000", System.getProperty(PATIENCE));
    } finally {
      System.clearProperty(PATIENCE);
    }
  }

  @Test
  void aTrustedCertificateForAnotherNameIsNone() {
    SSLHandshakeException e =
        assertThrows(
            SSLHandshakeException.class,
            () -> RegistryProbe.knock(registry.name(), true, registry.trusting()));
    assertTrue(String.valueOf(e.getMessage()).contains("localhost"), e::toString);
  }

  @Test
  void theRemedyNamesTheHostAndTheTrustStore() {
    RegistryPush push =
        new RegistryPush(Progress.silent(), Transport.SECURE, environment(directory));
    UnreachableException e =
        assertThrows(UnreachableException.class, () -> push.push(archive, registry.name() + "/x"));
    assertTrue(e.remedy().contains("for the name localhost"), e.remedy());
    assertTrue(e.remedy().contains("javax.net.ssl.trustStore"), e.remedy());
  }

  @Test
  void anAbsentHelperIsNamed() throws Exception {
    configure("{\"credsStore\":\"nowhere\"}");
    assertTrue(refused().contains("docker-credential-nowhere"), this::refused);
  }

  @Test
  void aDamagedFileIsNamed() throws Exception {
    configure("{\"auths\":");
    assertTrue(refused().contains("config.json"), this::refused);
  }

  @Test
  void whoNeedsNoCredentialsHearsNothing() throws Exception {
    configure("{\"auths\":");
    push(directory).push(archive, registry.name() + "/x");
    assertEquals(blobs(), registry.patience.size());
  }

  /** The current directory is no place for credentials. */
  @Test
  void anEmptyVariableIsNone() {
    assertEquals(
        RegistryCredentials.files(Map.of()),
        RegistryCredentials.files(Map.of("DOCKER_CONFIG", "", "XDG_RUNTIME_DIR", "")));
  }

  /** As docker and podman do; the system may know another home, as it does under sudo -E. */
  @Test
  void credentialsAreInTheHomeThatTheEnvironmentNames() {
    assertEquals(
        Path.of("/home/me/.docker/config.json"),
        RegistryCredentials.files(Map.of("HOME", "/home/me")).get(0));
  }

  private String refused() {
    registry.open = false;
    HostException e =
        assertThrows(
            HostException.class, () -> push(directory).push(archive, registry.name() + "/x"));
    assertTrue(e.remedy().contains("docker login"), e.remedy());
    return String.valueOf(e.getMessage());
  }

  private void configure(String json) throws Exception {
    Files.writeString(directory.resolve("config.json"), json);
  }

  /** How many commits there are where each blob is sent once. */
  private int blobs() throws Exception {
    return ArchiveReader.open(archive).blobs().size();
  }

  private static RegistryPush push(Path configuration) {
    return new RegistryPush(
        Progress.silent(), Transport.PLAIN_ON_LOOPBACK, environment(configuration));
  }

  private static Map<String, String> environment(Path configuration) {
    return Map.of("DOCKER_CONFIG", configuration.toString());
  }
}
