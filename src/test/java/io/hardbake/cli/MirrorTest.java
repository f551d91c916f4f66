package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.io.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is copied for a closed network is enough there, and no more than right. */
@Timeout(60)
final class MirrorTest {
  private static final String DEB = "debian/" + TestProject.DEB;
  private static final String TARBALL = "kubernetes/v1.18.6/kubernetes-server-linux-amd64.tar.gz";

  @TempDir private Path directory;
  @AutoClose private TestProject project;
  private Path copy;

  @BeforeEach
  void make() throws Exception {
    project = TestProject.in(directory);
    copy = directory.resolve("a copy");
  }

  @Test
  void aBakeFromTheCopyGivesTheSameBytes() throws Exception {
    project.run("bake").succeeded();
    NavigableMap<String, Sha256> results = project.results();
    TestProject.Outcome mirrored = project.run("mirror", "--out", copy.toString()).succeeded();
    String place = "--mirror '" + copy.resolve("debian") + "'";
    assertTrue(mirrored.out().contains(place), mirrored::toString);
    project.archive().close();
    fromCopy("first store", "bake").succeeded();
    assertEquals(results, project.results());
    assertEquals(List.of(), project.outside());
  }

  @Test
  void aLockFromTheCopyIsTheSameLock() throws Exception {
    project.run("lock").succeeded();
    byte[] lock = Files.readAllBytes(project.lock());
    project.run("mirror", "--out", copy.toString()).succeeded();
    project.archive().close();
    Files.delete(project.lock());
    fromCopy("first store", "lock").succeeded();
    assertArrayEquals(lock, Files.readAllBytes(project.lock()));
  }

  /**
   * The mirror dropped what the lock has: both the lock and one made from the copy can be baked.
   */
  @Test
  void anArchiveThatMovedOnIsCopiedAsItIsAndAsTheLockHasIt() throws Exception {
    project.run("bake").succeeded();
    NavigableMap<String, Sha256> results = project.results();
    project.moveOn();
    project.run("mirror", "--out", copy.toString()).succeeded();
    project.archive().close();
    fromCopy("first store", "bake").succeeded();
    assertEquals(results, project.results());
    fromCopy("second store", "lock").succeeded();
    assertTrue(Files.readString(project.lock()).contains("web_1.1_amd64.deb"));
    fromCopy("second store", "bake").succeeded();
  }

  /** Nothing has what the lock names, neither the mirror nor the store. */
  @Test
  void theLockMovesOnWhereItsFilesAreGone() throws Exception {
    project.run("lock").succeeded();
    project.moveOn();
    project
        .run("mirror", "--out", copy.toString(), "--locked")
        .failed(4)
        .says("cannot fetch web_1.0_amd64.deb", "renew the lock and commit it: ./hardbake lock");
    assertTrue(Files.readString(project.lock()).contains("web_1.0_amd64.deb"));
    project
        .run("mirror", "--out", copy.toString())
        .succeeded()
        .says("warning: the lock had to move on, since cannot fetch web_1.0", "review and commit")
        .shows(TestProject.digests(copy, name -> true).size() + " files of Debian and Kubernetes");
    assertTrue(Files.readString(project.lock()).contains("web_1.1_amd64.deb"));
    project.archive().close();
    fromCopy("first store", "bake", "--locked").succeeded();
  }

  /** And so there is nothing to copy of what compiles Kubernetes. */
  @Test
  void anArchiveWithoutKubernetesIsNamed() throws Exception {
    List<String> arguments = project.arguments("mirror", "--out", copy.toString());
    arguments.set(arguments.indexOf("--kubernetes") + 1, "debian-source");
    project
        .runAsIs(arguments)
        .failed(6)
        .says("does not have Kubernetes' source or Go, which debian-source is built from")
        .says("Debian 12 (bookworm), which has both: ./hardbake lock --project");
  }

  /** As debmirror copies: what Debian signed names the sources, and they are not there. */
  @Test
  void aMirrorWithoutSourcesIsEnoughForTheRelease() throws Exception {
    project.archive().remove("/source/");
    project.run("lock").succeeded().says("warning: Kubernetes' source is not locked: cannot fetch");
    project
        .run("mirror", "--out", copy.toString())
        .succeeded()
        .says("warning: no sources of bookworm are copied: cannot fetch");
    project.archive().close();
    fromCopy("first store", "bake").succeeded();
  }

  @Test
  void aSecondCopyBringsOnlyWhatIsMissingOrDamaged() throws Exception {
    project.run("mirror", "--out", copy.toString()).succeeded();
    NavigableMap<String, Sha256> whole = TestProject.digests(copy, name -> true);
    assertTrue(whole.containsKey(DEB), whole::toString);
    assertTrue(whole.containsKey(TARBALL), whole::toString);
    assertTrue(whole.containsKey("debian-security/dists/bookworm-security/InRelease"));
    assertTrue(copied().contains("; 0 of them copied now"));
    Files.delete(copy.resolve(TARBALL));
    Files.writeString(copy.resolve(DEB), "damaged");
    String said = copied();
    assertTrue(said.contains("; 1 of them copied now"), said);
    assertEquals(whole, TestProject.digests(copy, name -> true));
  }

  /** Negative control: without the copied files there is no bake, so they are what it lives on. */
  @Test
  void aCopyThatLacksAFileIsNotEnough() throws Exception {
    project.run("mirror", "--out", copy.toString()).succeeded();
    project.archive().close();
    Files.delete(copy.resolve(TARBALL));
    fromCopy("first store", "bake", "--kubernetes", "mirror").failed(4).says("has no v1.18.6/");
    Files.delete(copy.resolve(DEB));
    fromCopy("second store", "bake", "--locked").failed(4).says("cannot fetch web_1.0_amd64.deb");
    assertFalse(Files.exists(project.target().resolve("images")));
  }

  private String copied() {
    return project.run("mirror", "--out", copy.toString()).succeeded().out();
  }

  private TestProject.Outcome fromCopy(String store, String command, String... further) {
    List<String> arguments = new ArrayList<>(project.fromCopy(copy, command));
    arguments.addAll(List.of(further));
    return TestProject.runAsIs(
        arguments, Map.of("HARDBAKE_CACHE", directory.resolve(store).toString()));
  }
}
