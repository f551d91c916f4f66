package io.hardbake.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import io.hardbake.failure.UnreachableException;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a download goes on where a mirror breaks off, is busy, or lied; and what was left before. */
@Timeout(60)
final class FetcherResumingTest {
  private static final byte[] BODY = FetcherTest.BODY;

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
    fetcher = Fetcher.of(store, Progress.silent(), FetcherTest.calm());
    patient = Fetcher.of(store, Progress.silent(), FetcherTest.patient());
  }

  @AfterEach
  void stop() {
    mirror.close();
  }

  @Test
  void triesAgainAfterATransientError() throws Exception {
    patient.fetch(
        FetcherTest.download(
            mirror.serve(
                "/a", LyingMirror.first(LyingMirror.status(503), LyingMirror.honest(BODY)))));
    assertEquals(2, mirror.requests().size());
  }

  @Test
  void leavesAMirrorAloneAsLongAsItAsks() throws Exception {
    URI address =
        mirror.serve("/a", LyingMirror.first(LyingMirror.busy(1), LyingMirror.honest(BODY)));
    long start = System.nanoTime();
    patient.fetch(FetcherTest.download(address));
    assertTrue(System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(1));
    assertEquals(2, mirror.requests().size());
  }

  @Test
  void leavesOnlyTheMirrorAloneThatAsks() throws Exception {
    patient.fetch( // else this class's limit ends it
        FetcherTest.download(
            mirror.serve("/a", LyingMirror.busy(60)),
            mirror.serve(
                "/b",
                LyingMirror.first(LyingMirror.truncated(BODY, 9), LyingMirror.honest(BODY)))));
  }

  @Test
  void isCutOffWhereAMirrorThatBeganSaysThatItHasNothing() {
    URI address =
        mirror.serve(
            "/a", LyingMirror.first(LyingMirror.truncated(BODY, 9), LyingMirror.status(404)));
    UnreachableException e =
        assertThrows(
            UnreachableException.class, () -> patient.fetch(FetcherTest.download(address)));
    assertTrue(e.isCutOff());
    assertFalse(e.isMissing());
  }

  /** As from HTTP/1.0, or a proxy that looks into answers: the digest would call it a lie. */
  @Test
  void goesOnWhereABodyWithoutLengthBroke() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (ServerSocket server = new ServerSocket(0)) {
      Future<?> served =
          pool.submit(
              () -> {
                for (int length : new int[] {BODY.length / 3, BODY.length}) {
                  try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    OutputStream out = socket.getOutputStream();
                    out.write("HTTP/1.0 200 OK\r\n\r\n".getBytes(UTF_8));
                    out.write(BODY, 0, length);
                  }
                }
                return null;
              });
      URI address = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/a");
      assertArrayEquals(BODY, Files.readAllBytes(patient.fetch(FetcherTest.download(address))));
      served.get();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void resumesWhereTheConnectionBroke() throws Exception {
    patient.fetch(
        FetcherTest.download(
            mirror.serve(
                "/a",
                LyingMirror.first(
                    LyingMirror.truncated(BODY, 100_000), LyingMirror.honest(BODY)))));
    assertEquals(
        List.of(
            new LyingMirror.Request("/a", "", ""),
            new LyingMirror.Request("/a", "bytes=100000-", "\"one\"")),
        mirror.requests());
  }

  @Test
  void goesOnWithAServerThatChangedOrKnowsNoRanges() throws Exception {
    HttpHandler broken = LyingMirror.truncated(BODY, 100_000);
    fetcher.fetch(
        FetcherTest.download(
            mirror.serve("/a", LyingMirror.first(broken, LyingMirror.withoutRanges(BODY)))));
    byte[] other = Arrays.copyOf(BODY, 200_000);
    fetcher.fetch(
        FetcherTest.download(
            other,
            mirror.serve(
                "/b",
                LyingMirror.first(
                    LyingMirror.truncated(other, 100_000),
                    LyingMirror.withRanges(other, "\"two\"")))));
  }

  @Test
  void goesOnWithTheNextMirrorFromTheSameByte() throws Exception {
    URI broken = mirror.serve("/broken", LyingMirror.truncated(BODY, 100_000));
    URI whole = mirror.serve("/whole", LyingMirror.honest(BODY));
    fetcher.fetch(FetcherTest.download(broken, whole));
    assertEquals("bytes=100000-", mirror.requests().get(1).range());
  }

  @Test
  void findsOutWhichMirrorLied() throws Exception {
    byte[] wrong = new byte[BODY.length];
    URI liar = mirror.serve("/liar", LyingMirror.truncated(wrong, 100_000));
    URI page = mirror.serve("/page", LyingMirror.withoutRanges(FetcherTest.GARBAGE));
    URI whole = mirror.serve("/whole", LyingMirror.honest(BODY));
    Path file = fetcher.fetch(FetcherTest.download(page, liar, whole));
    assertArrayEquals(BODY, Files.readAllBytes(file));
  }

  @Test
  void resumesWhatAKilledProcessLeft() throws Exception {
    Download download = FetcherTest.download(mirror.serve("/a", LyingMirror.honest(BODY)));
    Files.write(store.partialOf(download.sha256()), Arrays.copyOf(BODY, 70_000));
    fetcher.fetch(download);
    assertEquals("bytes=70000-", mirror.requests().get(0).range());
    assertTrue(Files.notExists(store.partialOf(download.sha256())));
  }

  @Test
  void startsAnewWhenWhatWasLeftIsWrong() throws Exception {
    Download download = FetcherTest.download(mirror.serve("/a", LyingMirror.honest(BODY)));
    Files.write(store.partialOf(download.sha256()), new byte[70_000]);
    assertArrayEquals(BODY, Files.readAllBytes(fetcher.fetch(download)));
    assertEquals("", mirror.requests().get(1).range());
  }
}
