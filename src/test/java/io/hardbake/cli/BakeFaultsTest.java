package io.hardbake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.debian.TestArchive;
import io.hardbake.fetch.LyingMirror;
import io.hardbake.fetch.Store;
import io.hardbake.io.Sha256;
import io.hardbake.progress.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a bake says, and what it leaves on disk, when something is wrong. */
@Timeout(60)
final class BakeFaultsTest {
  @TempDir private Path directory;
  @AutoClose private TestProject project;

  @BeforeEach
  void make() throws Exception {
    project = TestProject.in(directory);
  }

  /** Recipes, lock and results are as they were, and the store holds nothing damaged or half. */
  private void assertNothingIsLeft(NavigableMap<String, Sha256> before) throws Exception {
    assertEquals(before, project.digests());
    assertEquals(
        Map.of(), TestProject.digests(project.cache().resolve("tmp"), name -> true), "tmp");
    // A download that another's failure ended is taken up again; here it may have been whole.
    TestProject.digests(project.cache().resolve("partial"), name -> true)
        .forEach((name, digest) -> assertEquals(name, digest.toString()));
    Store store = Store.open(project.cache());
    assertEquals(List.of(), store.verify(Progress.silent()).damaged());
  }

  /** Runs a command that fails, and leaves all as it was. */
  private TestProject.Outcome failsWithoutATrace(int exitCode, String command, String... arguments)
      throws Exception {
    NavigableMap<String, Sha256> before = project.digests();
    TestProject.Outcome outcome = project.run(command, arguments).failed(exitCode);
    assertNothingIsLeft(before);
    return outcome;
  }

  @Test
  void aStaleLockIsResolvedAnewUnlessThatIsForbidden() throws Exception {
    project.run("bake").succeeded();
    project.recipe("loadbalancer", "from: base\ndescription: other\npackages: [web]\n");
    NavigableMap<String, Sha256> before = project.digests();
    String flaw = project.lock() + " does not match the recipes and the keyring any more";
    for (String command : List.of("bake", "plan")) {
      project
          .run(command, "--locked")
          .failed(3)
          .says(
              "hardbake: " + project.lock() + ":1: " + flaw,
              "remedy: write it anew and commit it: ./hardbake lock --project '");
      project
          .run(command, "--offline")
          .failed(4)
          .says(flaw + ", and resolving anew needs the network", "run once without --offline");
    }
    assertNothingIsLeft(before);
    project.run("bake").succeeded().says(flaw + ": resolving anew");
    assertFalse(Files.readString(project.lock()).contains("balancer_1.0"));
    project.run("bake", "--locked").succeeded();
  }

  @Test
  void theLockMovesOnWhereItsFileIsGone() throws Exception {
    project.run("lock").succeeded();
    project.moveOn();
    failsWithoutATrace(4, "bake", "--locked")
        .says("cannot fetch web_1.0_amd64.deb", "web_1.0_amd64.deb: HTTP status 404", "snapshot")
        .says(
            "name one with HARDBAKE_SNAPSHOTS; else renew the lock and commit it: ./hardbake lock");
    project
        .run("bake")
        .succeeded()
        .says("warning: the lock had to move on, since cannot fetch web_1.0", "review and commit");
    assertTrue(Files.readString(project.lock()).contains("web_1.1_amd64.deb"));
    BakedArchive image = BakedArchive.open(project.image("controller"));
    assertEquals("web 1.1", image.text("usr/bin/web"));
    assertTrue(
        project
            .snapshots()
            .requests()
            .get(0)
            .path()
            .matches("/snapshots/debian/2\\d+T\\d+Z/pool/.*"),
        project.snapshots().requests()::toString);
  }

  /**
   * Other packages than the lock's, since a mirror had a bad minute, would be no repeatable bake.
   */
  @Test
  void theLockStaysWhereItsFileIsNotToBeHadJustNow() throws Exception {
    project.run("lock").succeeded();
    byte[] lock = Files.readAllBytes(project.lock());
    project.moveOn();
    project.archive().misbehave(TestProject.DEB, LyingMirror.status(503));
    failsWithoutATrace(4, "bake").says("cannot fetch web_1.0_amd64.deb", "HTTP status 503");
    assertArrayEquals(lock, Files.readAllBytes(project.lock()));
  }

  /** It never drops anything, and may have the file in a minute. */
  @Test
  void theLockStaysWhereTheSnapshotArchiveIsSilent() throws Exception {
    project.run("lock").succeeded();
    byte[] lock = Files.readAllBytes(project.lock());
    project.moveOn();
    Map<String, String> environment = new TreeMap<>(project.environment());
    environment.put(
        "HARDBAKE_SNAPSHOTS",
        project.snapshots().serve("/busy/", LyingMirror.status(503)).toString());
    TestProject.runAsIs(project.arguments("bake"), environment)
        .failed(4)
        .says("web_1.0_amd64.deb: HTTP status 404", "web_1.0_amd64.deb: HTTP status 503")
        .says("remedy: check the network");
    assertArrayEquals(lock, Files.readAllBytes(project.lock()));
  }

  @Test
  void aLockThatLacksAnArchitectureIsToBeRenewedForIt() throws Exception {
    project.run("lock").succeeded();
    failsWithoutATrace(3, "bake", "--locked", "--arch", "arm64,amd64")
        .says(
            project.lock() + " is not for arm64",
            "./hardbake lock --project '" + project.root() + "' --arch amd64,arm64 --keyring ",
            " --mirror http");
  }

  @Test
  void aLockOfAnotherFormIsNotReplacedInSilence() throws Exception {
    Files.writeString(project.lock(), "{\"format\": 0}\n");
    project
        .run("lock")
        .succeeded()
        .says(
            "warning: " + project.lock() + " has another form than this hardbake writes",
            "it is written anew, for [amd64] only; name others with --arch");
  }

  @Test
  void aFileThatIsGoneWithoutASuccessorIsNamed() throws Exception {
    project.run("lock").succeeded();
    project.archive().remove(TestProject.DEB);
    project.publish(); // A newer date alone does not make a lock that can be baked.
    failsWithoutATrace(4, "bake")
        .says("cannot fetch web_1.0_amd64.deb", "does not have it", "name another mirror");
  }

  @Test
  void aFlippedBitIsRefused() throws Exception {
    byte[] deb = project.archive().file(TestProject.DEB);
    deb[deb.length / 2] ^= 1;
    refusesDeb(deb, "expected sha256 ", "actual   sha256 ");
  }

  @Test
  void aTruncatedPackageIsRefused() throws Exception {
    byte[] deb = project.archive().file(TestProject.DEB);
    refusesDeb(Arrays.copyOf(deb, deb.length - 100), "%d bytes".formatted(deb.length - 100));
  }

  @Test
  void anErrorPageIsRefused() throws Exception {
    refusesDeb("<html>Please log in</html>".getBytes(UTF_8), "actual   sha256 ");
  }

  private void refusesDeb(byte[] deb, String... words) throws Exception {
    project.run("lock").succeeded();
    project.archive().replace(TestProject.DEB, deb);
    failsWithoutATrace(5, "bake")
        .says("web_1.0_amd64.deb is not what was asked for\n  from     " + project.archive().uri())
        .says(words);
  }

  @Test
  void anIndexWithAnotherDigestIsRefused() throws Exception {
    project.archive().replaceAll("bookworm/main/binary-amd64/", "Package: evil\n".getBytes(UTF_8));
    refusesIndex("bookworm/main/binary-amd64/Packages.xz is not what was asked for");
  }

  @Test
  void aForgedReleaseIsRefused() throws Exception {
    String path = project.archive().dists("InRelease");
    String signed = new String(project.archive().file(path), UTF_8);
    project.archive().replace(path, signed.replace("stable", "stabby").getBytes(UTF_8));
    refusesIndex("InRelease");
  }

  @Test
  void anotherKeysReleaseIsRefused() throws Exception {
    try (TestArchive other = new TestArchive("bookworm").publish()) {
      String path = project.archive().dists("InRelease");
      project.archive().replace(path, other.file(path));
      refusesIndex("not in the keyring");
    }
  }

  @Test
  void anExpiredReleaseIsRefused() throws Exception {
    Instant now = Instant.now();
    project.publish(now.minusSeconds(8 * 86400), now.minusSeconds(60));
    refusesIndex("the InRelease of bookworm expired ", "set this machine's clock");
  }

  @Test
  void aReplayedReleaseIsRefused() throws Exception {
    Instant now = Instant.now();
    project.publish(now.minusSeconds(60), now.plusSeconds(86400));
    project.run("lock").succeeded();
    project.publish(now.minusSeconds(3 * 86400), now.plusSeconds(86400)); // signed, not expired
    failsWithoutATrace(5, "lock")
        .says("the mirror is behind, or replays the past", "--mirror", "remove the lock first");
    Files.delete(project.lock());
    project.run("lock").succeeded();
  }

  /** Debian's main suite never expires, and the fresh suites beside it hide its age. */
  @Test
  void oneReplayedSuiteAmongFreshOnesIsRefused() throws Exception {
    Instant now = Instant.now();
    project.publish(now.minusSeconds(86400), now.minusSeconds(7200), now.plusSeconds(86400));
    project.run("lock").succeeded();
    project.publish(now.minusSeconds(365 * 86400), now.minusSeconds(60), now.plusSeconds(86400));
    failsWithoutATrace(5, "lock")
        .says("the suite bookworm is of ", "the mirror is behind, or replays the past", "--mirror");
    project.publish(now.minusSeconds(86400), now.minusSeconds(60), now.plusSeconds(86400));
    project.run("lock").succeeded();
  }

  /** Without a lock, and with one that is to be renewed. */
  private void refusesIndex(String... words) throws Exception {
    failsWithoutATrace(5, "bake").says(words);
    Files.writeString(project.lock(), "{\"format\": 0}\n");
    failsWithoutATrace(5, "lock").says(words);
  }

  @Test
  void anUnknownPackageIsNamedWithItsLine() throws Exception {
    Path recipe =
        project.recipe(
            "loadbalancer", "from: base\ndescription: typo\npackages:\n  - balancer\n  - wbe\n");
    failsWithoutATrace(6, "bake")
        .says(
            "hardbake: " + recipe + ":5: there is no package wbe for amd64 in bookworm",
            "remedy: did you mean web? correct its name");
  }

  @Test
  void packagesThatExcludeEachOtherAreNamed() throws Exception {
    project.archive().add("Package: rival\nVersion: 2\nConflicts: web\n", Map.of());
    project.publish();
    Path recipe =
        project.recipe("controller", "from: base\ndescription: both\npackages: [web, rival]\n");
    failsWithoutATrace(6, "bake")
        .says(
            "hardbake: " + recipe + ":1: the packages cannot be installed together",
            "rival=2",
            "web=1.0",
            "leave out one of the packages");
  }

  @Test
  void anUnmetDependencyIsNamedWithItsCandidates() throws Exception {
    project
        .archive()
        .add("Package: fussy\nVersion: 1\nDepends: libshared (>= 9), nowhere\n", Map.of());
    project.publish();
    project.recipe("controller", "from: base\ndescription: fussy\npackages: [fussy]\n");
    project
        .run("bake")
        .failed(6)
        .says("libshared=1.0: does not satisfy libshared (>= 9)", "nowhere: there is no such");
  }

  @Test
  void anArchitectureThatTheArchiveLacksIsNamed() throws Exception {
    failsWithoutATrace(6, "bake", "--arch", "arm64").says("has no main/binary-arm64/Packages");
    project.run("lock").succeeded();
    project
        .run("bake", "--locked", "--arch", "arm64")
        .failed(3)
        .says(project.lock() + " is not for arm64");
  }

  @Test
  void aDamagedLockIsNamedWithItsLineAndLockMendsIt() throws Exception {
    project.run("lock").succeeded();
    byte[] whole = Files.readAllBytes(project.lock());
    String text = new String(whole, UTF_8);
    Files.writeString(project.lock(), text.replace("  \"date\"", "<<<<<<< HEAD\n  \"date\""));
    failsWithoutATrace(3, "bake")
        .says(project.lock() + ":4: the lock is damaged: ", "restore it from version control");
    project.run("lock").succeeded().says("warning: " + project.lock() + ":4: the lock is damaged");
    assertArrayEquals(whole, Files.readAllBytes(project.lock()));
    project.run("lock", "--locked").failed(2).says("--locked forbids what lock is for");
  }

  @Test
  void aLockThatKeepsBothSidesOfAMergeIsDamaged() throws Exception {
    project.run("lock").succeeded();
    String text = Files.readString(project.lock());
    Files.writeString(
        project.lock(), text.replaceFirst("(  \"date\".*\n)", "$1  \"date\": \"2001-01-01\",\n"));
    project.run("bake").failed(3).says("the lock is damaged: ", "date");
    Files.writeString(project.lock(), text + ">>>>>>> other\n");
    project.run("bake").failed(3).says("the lock is damaged: ");
  }

  @Test
  void aFileInThePlaceOfTheOutputIsFoundBeforeTheWork() throws Exception {
    Path taken = Files.writeString(directory.resolve("taken"), "mine");
    NavigableMap<String, Sha256> before = project.digests();
    for (Path output : List.of(taken, taken.resolve("below"))) {
      project
          .run("bake", "--output", output.toString())
          .failed(7)
          .says("results cannot be written to " + output, taken + " is no directory", "--output");
    }
    assertEquals("mine", Files.readString(taken));
    assertEquals(List.of(), project.archive().requests());
    assertNothingIsLeft(before);
  }

  @Test
  void aFileInThePlaceOfTheCacheIsNamed() throws Exception {
    Files.writeString(project.cache(), "mine");
    project.run("bake").failed(7).says(project.cache().toString(), "HARDBAKE_CACHE");
    assertEquals("mine", Files.readString(project.cache()));
  }

  @Test
  void aFailureLeavesEarlierResults() throws Exception {
    project.run("bake").succeeded();
    project.recipe(
        "controller",
        "from: base\ndescription: odd\npackages: [web]\nunits: {enable: [none.service]}\n");
    failsWithoutATrace(3, "bake").says("controller.yaml:4: there is no unit none.service");
  }
}
