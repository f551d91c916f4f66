package io.hardbake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Named.named;

import com.sun.net.httpserver.HttpHandler;
import io.hardbake.fetch.LyingMirror;
import io.hardbake.fetch.Store;
import io.hardbake.io.Sha256;
import io.hardbake.progress.Progress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A bake from a mirror that misbehaves, in each way at each of the three places where it can: the
 * signed Release, an index, a package. It ends in time with the right exit code and a remedy,
 * leaves nothing, and the next bake from an honest mirror succeeds. Mostly these bakes wait, so
 * they do it first and side by side.
 */
@Timeout(120)
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
final class LyingMirrorBakeTest {
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

  /** What is lied about. */
  private enum Place {
    RELEASE("dists/bookworm/InRelease", "dists/bookworm/InRelease"),
    INDEX("bookworm/main/binary-amd64/", "dists/bookworm/main/binary-amd64/Packages.xz"),
    PACKAGE(TestProject.DEB, TestProject.DEB);

    /** A part of the addresses under which it is asked for. */
    private final String asked;

    private final String file;

    Place(String asked, String file) {
      this.asked = asked;
      this.file = file;
    }
  }

  /** A way to misbehave, which may know the truth. */
  private interface Lie {
    HttpHandler instead(LyingMirror liar, byte[] truth);
  }

  /** Exit codes: 4 where nothing whole came, 5 where it is wrong. */
  static Stream<Arguments> lies() {
    byte[] page = "<!DOCTYPE html><html>Welcome to the hotel</html>".getBytes(UTF_8);
    HttpHandler circle =
        exchange -> LyingMirror.redirect(exchange.getRequestURI().toString()).handle(exchange);
    return Stream.of(
            lie("stalls before a word", 4, (liar, truth) -> liar.stalling(truth, 0)),
            lie("stalls amid it", 4, (liar, truth) -> liar.stalling(truth, truth.length / 2)),
            lie("sends a byte now and then", 4, LyingMirror::dripping),
            lie("lies with the right size", 5, (liar, truth) -> only(oneBitChanged(truth))),
            lie("sends garbage", 5, (liar, truth) -> only(filled(truth.length))),
            lie("sends a page of HTML", 5, (liar, truth) -> only(page)),
            lie("ends amid it", 4, (liar, truth) -> LyingMirror.truncated(truth, truth.length / 2)),
            lie("never ends", 5, (liar, truth) -> LyingMirror.endless(new byte[1 << 16])),
            lie("is empty", 5, (liar, truth) -> only(new byte[0])),
            lie("has an error of its own", 4, (liar, truth) -> LyingMirror.status(500)),
            lie("has nothing", 4, (liar, truth) -> LyingMirror.status(404)),
            lie(
                "has a length that is no number",
                4,
                (liar, truth) -> LyingMirror.withLength("abc", truth)),
            lie(
                "sends a part of more than there can be",
                4,
                (liar, truth) -> LyingMirror.part("bytes 0-9/" + "9".repeat(20), truth)),
            lie("redirects in a circle", 4, (liar, truth) -> circle),
            lie(
                "redirects to a file",
                4,
                (liar, truth) -> LyingMirror.redirect("file:///etc/passwd")))
        .flatMap(Function.identity());
  }

  /** The lie at each place. */
  private static Stream<Arguments> lie(String name, int code, Lie lie) {
    return Arrays.stream(Place.values()).map(place -> Arguments.of(place, named(name, lie), code));
  }

  private static HttpHandler only(byte[] body) {
    return LyingMirror.withoutRanges(body);
  }

  private static byte[] oneBitChanged(byte[] truth) {
    byte[] wrong = truth.clone();
    wrong[wrong.length / 2] ^= 1;
    return wrong;
  }

  private static byte[] filled(int length) {
    byte[] garbage = new byte[length];
    Arrays.fill(garbage, (byte) 0xa5);
    return garbage;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("lies")
  void refuses(Place place, Lie lie, int code) throws Exception {
    NavigableMap<String, Sha256> before = project.digests();
    byte[] truth = project.archive().file(place.file);
    project.archive().misbehave(place.asked, lie.instead(liar, truth));
    project.run("bake", "--timeout", "1").failed(code);
    assertEquals(before, project.digests());
    assertNothingIsDamaged();
    project.archive().beHonest();
    project.run("bake").succeeded();
    assertNothingIsLeft();
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
    byte[] before = project.archive().file(Place.RELEASE.file);
    project.moveOn();
    project.archive().remove("by-hash");
    project.archive().misbehave(Place.RELEASE.asked, LyingMirror.withoutRanges(before));
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
    byte[] before = project.archive().file(Place.RELEASE.file);
    project.archive().add("Package: new\nVersion: 1\n", Map.of());
    project.publish();
    project.archive().misbehave(Place.RELEASE.asked, LyingMirror.withoutRanges(before));
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
