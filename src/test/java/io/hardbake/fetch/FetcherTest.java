package io.hardbake.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class FetcherTest {
  static final byte[] BODY = body(300_000);
  static final byte[] GARBAGE = "<html>Welcome to the hotel</html>".getBytes(UTF_8);

  @TempDir Path root;
  private Store store;
  private LyingMirror mirror;
  private Fetcher fetcher;

  /** For tests that count requests: to a busy machine each pause looks like a stall. */
  private Fetcher patient;

  @BeforeEach
  void start() throws IOException {
    store = Store.open(root);
    mirror = new LyingMirror();
    fetcher = Fetcher.of(store, Progress.silent(), calm());
    patient = Fetcher.of(store, Progress.silent(), patient());
  }

  @AfterEach
  void stop() {
    mirror.close();
  }

  @Test
  void fetchesOnceAndThenFromTheStore() throws Exception {
    Download download = download(mirror.serve("/a", LyingMirror.honest(BODY)));
    Path file = patient.fetch(download);
    assertArrayEquals(BODY, Files.readAllBytes(file));
    assertEquals(file, patient.fetch(download));
    assertEquals(1, mirror.requests().size());
    assertArrayEquals(
        BODY, Files.readAllBytes(Fetcher.of(store, Progress.silent(), offline()).fetch(download)));
  }

  @Test
  void fetchesManyAtATime() throws Exception {
    List<Download> downloads = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      byte[] body = Arrays.copyOf(BODY, 1000 + i);
      downloads.add(download(body, mirror.serve("/" + i + ".deb", LyingMirror.honest(body))));
    }
    downloads.add(downloads.get(0));
    List<Path> files = patient.fetchAll(downloads);
    assertEquals(41, files.size());
    for (int i = 0; i < files.size(); i++) {
      assertEquals(downloads.get(i).sha256(), Sha256.of(files.get(i)));
    }
    assertEquals(40, mirror.requests().size());
  }

  @Test
  void readsAFile(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("a.deb"), BODY);
    assertArrayEquals(BODY, Files.readAllBytes(fetcher.fetch(download(file.toUri()))));
    Download absent = download(Arrays.copyOf(BODY, 5), directory.resolve("b.deb").toUri());
    assertThrows(UnreachableException.class, () -> fetcher.fetch(absent));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void saysWhatToDoWhereAccessIsRefused(int status) {
    Download download = download(mirror.serve("/a", LyingMirror.status(status)));
    UnreachableException e =
        assertThrows(UnreachableException.class, () -> patient.fetch(download));
    assertTrue(e.toString().contains("HTTP status " + status), e.toString());
    assertTrue(e.remedy().contains("name a mirror that asks for no name and password"), e.remedy());
    assertEquals(1, mirror.requests().size());
  }

  @Test
  void refusesAnErrorPageAndSaysAllThatHelps() throws Exception {
    URI uri = mirror.serve("/a.deb", LyingMirror.withoutRanges(GARBAGE));
    Download download = download(uri);
    IntegrityException e = assertThrows(IntegrityException.class, () -> fetcher.fetch(download));
    for (String part :
        List.of(
            download.sha256().hex(),
            Sha256.of(GARBAGE).hex(),
            uri.toString(),
            store.pathOf(download.sha256()).toString())) {
      assertTrue(e.toString().contains(part), e + " should name " + part);
    }
    assertEquals(5, e.exitCode());
    assertClean();
  }

  @Test
  void refusesAFlippedByte() {
    byte[] flipped = BODY.clone();
    flipped[BODY.length / 2] ^= 1;
    refuses(LyingMirror.honest(flipped), 5, "actual   sha256 " + Sha256.of(flipped));
  }

  @Test
  void refusesALongerBody() {
    refuses(LyingMirror.honest(Arrays.copyOf(BODY, BODY.length + 1)), 5, "actual   300001 bytes");
  }

  @Test
  void cutsAnEndlessBodyOff() {
    refuses(LyingMirror.endless(BODY), 5, "more than 300000 bytes");
  }

  @Test
  void refusesADownloadThatIsAlwaysTruncated() {
    refuses(LyingMirror.truncated(BODY, 1000), 4, "cannot fetch");
  }

  @Test
  void refusesABodyThatStalls() {
    fetcher = Fetcher.of(store, Progress.silent(), impatient());
    refuses(mirror.stalling(BODY, 1000), 4, "nothing came for");
  }

  @Test
  void refusesABodyThatDrips() {
    fetcher = Fetcher.of(store, Progress.silent(), impatient());
    refuses(mirror.dripping(BODY), 4, "bytes came in");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "99999999999999999999", "-5", "1 2"})
  void refusesALengthThatIsNone(String length) throws Exception {
    asksTheNextPast(LyingMirror.withLength(length, BODY), "Content-Length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes 0-9/99999999999999999999", "bytes 99999999999999999999-9/*", "x"})
  void refusesAPartThatIsNone(String range) throws Exception {
    asksTheNextPast(LyingMirror.part(range, BODY), "which part it is");
  }

  private void asksTheNextPast(HttpHandler malformed, String reason) throws Exception {
    refuses(malformed, 4, reason);
    URI good = mirror.serve("/good", LyingMirror.honest(BODY));
    assertArrayEquals(BODY, Files.readAllBytes(fetcher.fetch(download(mirror.at("/bad"), good))));
  }

  @Test
  void refusesACircleOfRedirects() {
    mirror.serve("/b", LyingMirror.redirect("/bad"));
    refuses(LyingMirror.redirect("/b"), 4, "circle");
  }

  @Test
  void refusesTooManyRedirects() {
    refuses(
        exchange -> LyingMirror.redirect(exchange.getRequestURI() + "/again").handle(exchange),
        4,
        "more than 10 times");
  }

  @Test
  void refusesARedirectToAFile() {
    refuses(LyingMirror.redirect("file:///etc/passwd"), 4, "less safe");
  }

  @Test
  void doesNotAskAgainForWhatIsNotThere() {
    String remedy = refuses(LyingMirror.status(404), 4, "HTTP status 404").remedy();
    assertEquals(1, mirror.requests().size());
    assertTrue(remedy.contains("does not have it"), remedy);
    assertFalse(remedy.contains("proxy"), remedy);
  }

  @Test
  void isMissingOnlyWhereNobodyMayHaveIt() {
    URI gone = mirror.serve("/none", LyingMirror.status(404));
    URI busy = mirror.serve("/busy", LyingMirror.status(503));
    URI walled = mirror.serve("/walled", LyingMirror.status(403));
    assertTrue(isMissing(gone, mirror.serve("/lost", LyingMirror.status(410))));
    assertFalse(isMissing(gone, busy));
    assertFalse(isMissing(busy, gone));
    assertFalse(isMissing(walled, gone));
  }

  /** The two gave something wrong together, and were then asked one by one. */
  @Test
  void isMissingOnlyWhereNobodyMayHaveItInAnyRound() {
    byte[] wrong = new byte[BODY.length];
    URI broken = mirror.serve("/broken", LyingMirror.truncated(wrong, 100_000));
    URI once =
        mirror.serve("/once", LyingMirror.first(LyingMirror.honest(BODY), LyingMirror.status(404)));
    assertFalse(isMissing(broken, once));
  }

  private boolean isMissing(URI... candidates) {
    Download download = download(candidates);
    return assertThrows(UnreachableException.class, () -> patient.fetch(download)).isMissing();
  }

  @Test
  void followsARedirect() throws Exception {
    mirror.serve("/real", LyingMirror.honest(BODY));
    fetcher.fetch(download(mirror.serve("/a", LyingMirror.redirect("real"))));
  }

  @Test
  void isInterruptedPromptlyAndKeepsWhatCame() throws Exception {
    Download download = download(mirror.serve("/a", mirror.stalling(BODY, 200_000)));
    ExecutorService pool = Executors.newSingleThreadExecutor();
    CountDownLatch started = new CountDownLatch(1);
    Future<InterruptedException> outcome =
        pool.submit(
            () -> {
              started.countDown();
              return assertThrows(InterruptedException.class, () -> patient.fetch(download));
            });
    started.await();
    while (!Files.exists(store.partialOf(download.sha256()))
        || Files.size(store.partialOf(download.sha256())) < 65_536) {
      Thread.sleep(10);
    }
    pool.shutdownNow();
    outcome.get(60, TimeUnit.SECONDS);
    assertTrue(Files.notExists(store.pathOf(download.sha256())));
    assertArrayEquals(
        Arrays.copyOf(BODY, 65_536),
        Arrays.copyOf(Files.readAllBytes(store.partialOf(download.sha256())), 65_536));
  }

  @Test
  void oneFailureEndsTheOthers() throws Exception {
    List<Download> downloads = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      byte[] body = Arrays.copyOf(BODY, 1000 + i);
      downloads.add(download(body, mirror.serve("/" + i + ".deb", mirror.stalling(body, 10))));
    }
    downloads.add(download(mirror.serve("/none", LyingMirror.status(404))));
    UnreachableException e =
        assertThrows(UnreachableException.class, () -> patient.fetchAll(downloads));
    assertTrue(e.toString().contains("404"), e.toString());
  }

  @Test
  void offlineUsesTheStoreAlone() {
    Download download = download(mirror.serve("/a", LyingMirror.honest(BODY)));
    Fetcher closed = Fetcher.of(store, Progress.silent(), offline());
    UnreachableException e = assertThrows(UnreachableException.class, () -> closed.fetch(download));
    assertTrue(e.remedy().contains("--offline"));
    assertEquals(List.of(), mirror.requests());
  }

  @Test
  void aStoreThatCannotBeWrittenIsTheHostsFault() throws Exception {
    Download download = download(mirror.serve("/a", LyingMirror.honest(BODY)));
    // A directory where the download's partial file would be.
    Files.createDirectories(store.partialOf(download.sha256()).resolve("x"));
    assertEquals(7, assertThrows(HostException.class, () -> fetcher.fetch(download)).exitCode());
  }

  private BakeException refuses(HttpHandler handler, int exitCode, String reason) {
    Download download = download(mirror.serve("/bad", handler));
    BakeException e = assertThrows(BakeException.class, () -> fetcher.fetch(download));
    assertEquals(exitCode, e.exitCode(), e.toString());
    assertTrue(e.toString().contains(reason), e.toString());
    assertTrue(e.toString().contains(mirror.at("/bad").toString()), e.toString());
    assertClean();
    return e;
  }

  /** Nothing under a final name, nothing half done. */
  private void assertClean() {
    try (Stream<Path> paths = Files.walk(root)) {
      assertEquals(List.of(root.resolve("locks")), paths.filter(Files::isRegularFile).toList());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes no pause of a busy machine for a stall. */
  static FetchSettings calm() {
    return givingUpAfter(Duration.ofSeconds(20));
  }

  private static FetchSettings impatient() {
    return givingUpAfter(Duration.ofMillis(300));
  }

  private static FetchSettings givingUpAfter(Duration silence) {
    return new FetchSettings(
        false, 8, 3, Duration.ofSeconds(5), silence, Duration.ofMillis(10), Map.of());
  }

  /** Waits for each byte as long as it takes. */
  static FetchSettings patient() {
    return new FetchSettings(
        false, 8, 4, Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ZERO, Map.of());
  }

  static FetchSettings offline() {
    return FetchSettings.of(Map.of()).withOffline(true);
  }

  static Download download(URI... candidates) {
    return download(BODY, candidates);
  }

  static Download download(byte[] body, URI... candidates) {
    return new Download("a.deb", List.of(candidates), new Size(body.length), Sha256.of(body));
  }

  static byte[] body(int length) {
    byte[] body = new byte[length];
    new Random(1).nextBytes(body);
    return body;
  }
}
