package io.hardbake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpHandler;
import io.hardbake.Oracle;
import io.hardbake.fetch.LyingMirror;
import io.hardbake.fetch.Store;
import io.hardbake.io.Sha256;
import io.hardbake.progress.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bake from a mirror that misbehaves, in each way at each of the three places where it can: the
 * signed Release, an index, a package. It ends in time with the right exit code and a remedy,
 * leaves nothing, and the next bake from an honest mirror succeeds.
 */
@Timeout(120)
final class LyingMirrorBakeTest {
  private static final String RELEASE = "dists/bookworm/InRelease";
  private static final String INDEX = "bookworm/main/binary-amd64/";
  private static final Duration IN_TIME = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private TestProject project;
  private LyingMirror liar;

  @BeforeEach
  void make() throws Exception {
    project = TestProject.in(directory);
    liar = new LyingMirror();
  }

  @AfterEach
  void end() throws Exception {
    liar.close();
    project.close();
  }

  /**
   * A way to misbehave.
   *
   * @param code the exit code: 4 where nothing whole came, 5 where it is wrong
   */
  private record Lie(String name, HttpHandler handler, int code) {}

  private List<Lie> lies(byte[] truth) {
    byte[] wrong = truth.clone();
    wrong[wrong.length / 2] ^= 1;
    byte[] page = "<!DOCTYPE html><html>Welcome to the hotel</html>".getBytes(UTF_8);
    byte[] garbage = new byte[truth.length];
    Arrays.fill(garbage, (byte) 0xa5);
    return List.of(
        new Lie("stalls before a word", liar.stalling(truth, 0), 4),
        new Lie("stalls in the middle", liar.stalling(truth, truth.length / 2), 4),
        new Lie("sends a byte now and then", liar.dripping(truth), 4),
        new Lie("lies with the right size", LyingMirror.withoutRanges(wrong), 5),
        new Lie("sends garbage", LyingMirror.withoutRanges(garbage), 5),
        new Lie("sends a page of HTML", LyingMirror.withoutRanges(page), 5),
        new Lie("ends in the middle", LyingMirror.truncated(truth, truth.length / 2), 4),
        new Lie("never ends", LyingMirror.endless(new byte[1 << 16]), 5),
        new Lie("is empty", LyingMirror.withoutRanges(new byte[0]), 5),
        new Lie("has an error of its own", LyingMirror.status(500), 4),
        new Lie("has nothing", LyingMirror.status(404), 4),
        new Lie(
            "redirects in a circle",
            exchange -> LyingMirror.redirect(exchange.getRequestURI().toString()).handle(exchange),
            4),
        new Lie("redirects to a file", LyingMirror.redirect("file:///etc/passwd"), 4));
  }

  @TestFactory
  Stream<DynamicTest> lyingAboutTheRelease() {
    return at(RELEASE, project.archive().file(RELEASE));
  }

  @TestFactory
  Stream<DynamicTest> lyingAboutAnIndex() {
    return at(INDEX, project.archive().file("dists/" + INDEX + "Packages.xz"));
  }

  @TestFactory
  Stream<DynamicTest> lyingAboutAPackage() {
    return at(TestProject.DEB, project.archive().file(TestProject.DEB));
  }

  private Stream<DynamicTest> at(String path, byte[] truth) {
    return lies(truth).stream()
        .map(lie -> DynamicTest.dynamicTest(lie.name(), () -> refuses(path, lie)));
  }

  private void refuses(String path, Lie lie) throws Exception {
    NavigableMap<String, Sha256> before = project.digests();
    project.archive().misbehave(path, lie.handler());
    Instant start = Instant.now();
    TestProject.Outcome outcome = project.run("bake", "--timeout", "1").failed(lie.code());
    Duration taken = Duration.between(start, Instant.now());
    assertEquals(-1, taken.compareTo(IN_TIME), () -> taken + ": " + outcome);
    assertEquals(before, project.digests());
    assertNothingIsDamaged();
    project.archive().beHonest();
    project.run("bake").succeeded();
    assertNothingIsLeft();
    Oracle.run(
            "rm",
            "-rf",
            project.cache().toString(),
            project.target().toString(),
            project.lock().toString())
        .succeeded();
  }

  private void assertNothingIsLeft() throws Exception {
    assertEquals(List.of(), project.leftovers());
    assertNothingIsDamaged();
  }

  /** The first failure ends other downloads, whose beginnings may stay for the next bake. */
  private void assertNothingIsDamaged() throws Exception {
    assertEquals(List.of(), project.temporary());
    assertEquals(List.of(), Store.open(project.cache()).verify(Progress.silent()).damaged());
  }

  /** The Release of one state, the index of another, and no by-hash: a mirror amid an update. */
  @Test
  void aMirrorThatChangesUnderWayIsRefused() throws Exception {
    byte[] before = project.archive().file(RELEASE);
    project.moveOn();
    project.archive().remove("by-hash");
    project.archive().misbehave(RELEASE, LyingMirror.withoutRanges(before));
    project
        .run("bake")
        .failed(5)
        .says("bookworm/main/binary-amd64/Packages.xz is not what was asked for", "out of step");
    assertNothingIsDamaged();
    project.archive().beHonest();
    project.run("bake").succeeded();
  }

  /** By-hash names keep the index of the Release that was read a moment ago. */
  @Test
  void aMirrorThatChangesUnderWayServesTheOldIndexByItsHash() throws Exception {
    byte[] before = project.archive().file(RELEASE);
    project.archive().add("Package: new\nVersion: 1\n", Map.of());
    project.publish();
    project.archive().misbehave(RELEASE, LyingMirror.withoutRanges(before));
    project.run("bake").succeeded();
  }

  @Test
  void aMirrorThatLiesIsPassedOverForAnHonestOne() throws Exception {
    String lying = liar.serve("/debian/", LyingMirror.withoutRanges(new byte[10])).toString();
    TestProject.Outcome outcome =
        project.run("bake", "--mirror", lying, "--mirror", project.archive().uri().toString());
    outcome.succeeded();
    assertNothingIsLeft();
  }
}
