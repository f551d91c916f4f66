package io.hardbake.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.credentials.CredentialRequest;
import io.hardbake.credentials.Credentials;
import io.hardbake.credentials.Renewal;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a cluster's credentials; the engine is a fake. */
final class ClusterCredentialsTest {
  @TempDir private static Path directory;

  private final TestCluster cluster = new TestCluster(directory);

  @Test
  void machinesBelieveTheirOwnAuthorityOnly(@TempDir Path other) throws Exception {
    cluster.up();
    UsageException e =
        assertThrows(UsageException.class, () -> cluster.commands(other).up(cluster.plain()));
    assertTrue(e.remedy().contains("--directory"), e.remedy());
  }

  /** The machines of a cluster that stands have the old ones. */
  @Test
  void aNewClusterGetsCredentialsThatDoNotSoonExpire(@TempDir Path own) throws Exception {
    Instant then = Instant.now().minus(Duration.ofDays(340));
    cluster.credentials = new Credentials(() -> then, new SecureRandom());
    cluster.commands(own).up(cluster.plain());
    String authority = Files.readString(own.resolve("ca.pem"));
    String certificate = Files.readString(own.resolve("kubernetes.pem"));
    cluster.credentials = Credentials.ofThisMachine();
    assertNotEquals(List.of(), cluster.credentials.inspect(own).warnings());
    assertEquals(List.of(), cluster.progress.problems());
    cluster.commands(own).up(cluster.plain());
    assertTrue(
        cluster.progress.problems().get(0).contains("kubernetes.pem"),
        cluster.progress.problems()::toString);
    assertEquals(certificate, Files.readString(own.resolve("kubernetes.pem")));
    cluster.commands(own).down(false);
    cluster.commands(own).up(cluster.plain());
    assertNotEquals(certificate, Files.readString(own.resolve("kubernetes.pem")));
    assertEquals(authority, Files.readString(own.resolve("ca.pem")));
    assertEquals(List.of(), cluster.credentials.inspect(own).warnings());
  }

  /** Like those that soon will; the machines of a cluster that stands are told of all. */
  @Test
  void expiredCredentialsAreRenewed(@TempDir Path own) throws Exception {
    Instant then = Instant.now().minus(Duration.ofDays(400));
    cluster.credentials = new Credentials(() -> then, new SecureRandom());
    cluster.commands(own).up(cluster.plain());
    String authority = Files.readString(own.resolve("ca.pem"));
    String encryption = Files.readString(own.resolve("encryption-config.yaml"));
    cluster.credentials = Credentials.ofThisMachine();
    Path key = own.resolve("kubernetes-key.pem");
    byte[] whole = Files.readAllBytes(key);
    Files.delete(key);
    assertEquals(0, cluster.commands(own).up(cluster.plain()).started());
    Files.write(key, whole);
    String problem = cluster.progress.problems().get(0);
    assertTrue(problem.contains("kubernetes-key.pem is missing; expired on "), problem);
    String remedy = cluster.progress.remedies().get(0);
    assertTrue(remedy.contains("./hardbake credentials --renew --out " + own), remedy);

    cluster.commands(own).down(false);
    cluster.commands(own).up(cluster.plain());
    assertTrue(cluster.credentials.inspect(own).isSound());
    assertEquals(authority, Files.readString(own.resolve("ca.pem")));

    new Credentials(() -> then, new SecureRandom())
        .renew(
            own, new Renewal(List.of(), Optional.empty(), CredentialRequest.DEFAULT_LEAF_VALIDITY));
    Wish anew = cluster.wish(OptionalInt.empty(), Optional.empty(), OptionalInt.of(0), true);
    cluster.commands(own).up(anew);
    assertTrue(cluster.credentials.inspect(own).isSound());
    assertEquals(authority, Files.readString(own.resolve("ca.pem")));
    assertEquals(encryption, Files.readString(own.resolve("encryption-config.yaml")));
  }

  @Test
  void aKubeconfigThatWasCutOffGoesWithTheNext(@TempDir Path own) throws Exception {
    String part = ".kubeconfig.0123456789abcdef-00000000000000ff.part";
    Files.writeString(own.resolve(part), "a key");
    cluster.commands(own).up(cluster.plain());
    assertFalse(Files.exists(own.resolve(part)));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(own.resolve("kubeconfig"))));
  }

  /** As a renewal leaves them that is killed between its last two steps. */
  @Test
  void aChangeOfCredentialsThatWasCutOffIsFinished(@TempDir Path own) throws Exception {
    Cluster commands = cluster.commands(own);
    commands.up(cluster.plain());
    byte[] authority = Files.readAllBytes(own.resolve("ca.pem"));
    Path complete = Files.createDirectory(own.resolve(".complete"));
    Files.move(own.resolve("ca.pem"), complete.resolve("ca.pem"));
    assertEquals(0, commands.up(cluster.plain()).started());
    assertArrayEquals(authority, Files.readAllBytes(own.resolve("ca.pem")));

    Files.createDirectory(own.resolve(".unfinished"));
    Files.writeString(own.resolve(".unfinished/ca-key.pem"), "a key");
    Files.writeString(own.resolve(".kubeconfig1.part"), "another");
    commands.down(true);
    assertEquals(List.of(".lock", ".test.lock"), names(own));
  }

  @Test
  void halfASetOfCredentialsGivesWayWhereAllIsMadeAnew(@TempDir Path own) throws Exception {
    Cluster commands = cluster.commands(own);
    commands.up(cluster.plain());
    commands.down(false);
    Files.delete(own.resolve("ca.pem"));
    IntegrityException e =
        assertThrows(IntegrityException.class, () -> commands.up(cluster.plain()));
    assertEquals("put them right, or make them anew with --recreate", e.remedy());
    Wish anew = cluster.wish(OptionalInt.empty(), Optional.empty(), OptionalInt.of(0), true);
    assertEquals(4, commands.up(anew).started());
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
