package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.io.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The mirror dropped what the lock names of Kubernetes' source: the same holds as for packages. */
@Timeout(60)
final class KubernetesSourceGoneTest {
  private static final String OLD = "kubernetes_1.20.2-1.debian.tar.xz";
  private static final String NEW = "kubernetes_1.20.2-2.debian.tar.xz";
  @TempDir private Path directory;
  @AutoClose private TestProject project;
  private String copy;

  @BeforeEach
  void lock() throws Exception {
    project = TestProject.in(directory);
    copy = directory.resolve("copy").toString();
    project.addKubernetesSource();
    project.run("lock").succeeded();
    project.archive().remove(OLD);
  }

  private void moveOn() throws Exception {
    project
        .archive()
        .addSource(
            "kubernetes",
            "1.20.2-2",
            Map.of("kubernetes_1.20.2.orig.tar.gz", new byte[] {1}, NEW, new byte[] {3}));
    project.publish();
  }

  /** With Kubernetes to be compiled. */
  private TestProject.Outcome run(String command, String... further) {
    List<String> arguments = project.arguments(command, further);
    arguments.set(arguments.indexOf("--kubernetes") + 1, "debian-source");
    return project.runAsIs(arguments);
  }

  @Test
  void aBakeThatMayNotRenewTheLockSaysHow() throws Exception {
    moveOn();
    NavigableMap<String, Sha256> before = project.digests();
    run("bake", "--locked")
        .failed(4)
        .says("cannot fetch " + OLD, OLD + ": HTTP status 404")
        .says(
            "name one with HARDBAKE_SNAPSHOTS; else renew the lock and commit it: ./hardbake lock");
    assertEquals(before, project.digests());
  }

  /** What it fetches then is no source at all, and compiles to nothing. */
  @Test
  void aBakeMovesTheLockOn() throws Exception {
    moveOn();
    TestProject.Outcome outcome = run("bake");
    outcome.says(
        "warning: the lock had to move on, since cannot fetch " + OLD, "review and commit");
    outcome.failed(5);
    assertTrue(Files.readString(project.lock()).contains(NEW), outcome::toString);
    assertTrue(project.archive().requests().contains("pool/main/kubernetes/" + NEW));
  }

  @Test
  void withoutASuccessorTheLockStays() throws Exception {
    project.publish();
    NavigableMap<String, Sha256> before = project.digests();
    run("bake").failed(4).says("cannot fetch " + OLD, "name another mirror");
    assertEquals(before, project.digests());
  }

  @Test
  void aCopyMovesTheLockOn() throws Exception {
    moveOn();
    run("mirror", "--out", copy, "--locked")
        .failed(4)
        .says("cannot fetch " + OLD, "renew the lock and commit it: ./hardbake lock");
    run("mirror", "--out", copy)
        .succeeded()
        .says("warning: the lock had to move on, since cannot fetch " + OLD, "review and commit");
    assertTrue(Files.readString(project.lock()).contains(NEW));
    assertTrue(Files.exists(Path.of(copy, "debian/pool/main/kubernetes", NEW)));
  }

  /** No newer lock brings a release that its mirror lacks. */
  @Test
  void aReleaseThatIsGoneMovesNoLock() throws Exception {
    moveOn();
    Files.delete(directory.resolve("release/v1.18.6/kubernetes-server-linux-amd64.tar.gz"));
    NavigableMap<String, Sha256> before = project.digests();
    TestProject.Outcome outcome = project.run("bake").failed(4);
    assertFalse(outcome.err().contains("move on"), outcome::toString);
    assertEquals(before, project.digests());
  }
}
