package io.hardbake.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha512;
import io.hardbake.io.Size;
import io.hardbake.io.WriteFailure;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is read without being kept: small things, streams, and whether anybody is there. */
@Timeout(60)
final class FetcherReadingTest {
  private static final byte[] BODY = FetcherTest.body(300_000);
  private static final byte[] GARBAGE = FetcherTest.GARBAGE;

  @TempDir Path root;
  private Store store;
  private LyingMirror mirror;
  private Fetcher fetcher;

  @BeforeEach
  void start() throws IOException {
    store = Store.open(root);
    mirror = new LyingMirror();
    fetcher = Fetcher.of(store, Progress.silent(), FetcherTest.calm());
  }

  @AfterEach
  void stop() {
    mirror.close();
  }

  @Test
  void readsSmallThingsWithinALimit() throws Exception {
    URI uri = mirror.serve("/InRelease", LyingMirror.honest(BODY));
    URI absent = mirror.at("/absent");
    assertArrayEquals(BODY, fetcher.read(List.of(absent, uri), new Size(300_000), "InRelease"));
    IntegrityException e =
        assertThrows(
            IntegrityException.class,
            () -> fetcher.read(List.of(uri), new Size(299_999), "InRelease"));
    assertTrue(e.toString().contains("at most 299999 bytes"), e.toString());
  }

  @Test
  void streamsOnlyWhatMatches() throws Exception {
    URI broken =
        mirror.serve(
            "/a",
            LyingMirror.first(LyingMirror.truncated(BODY, 100_000), LyingMirror.honest(BODY)));
    PinnedStream pinned = pinned(broken);
    // Reads only a part: the rest is hashed all the same.
    assertArrayEquals(
        Arrays.copyOf(BODY, 150_000), fetcher.stream(pinned, in -> in.readNBytes(150_000)));
    assertEquals("bytes=100000-", mirror.requests().get(1).range());
  }

  @Test
  void skippedBytesOfAStreamAreHashed() throws Exception {
    URI uri = mirror.serve("/a", LyingMirror.honest(BODY));
    int read =
        fetcher.stream(
            pinned(uri),
            in -> {
              in.skipNBytes(200_000);
              return in.read();
            });
    assertEquals(BODY[200_000] & 0xff, read);
  }

  @Test
  void aWrongStreamIsRefusedWhateverItsReaderSays() {
    URI uri = mirror.serve("/a", LyingMirror.withoutRanges(GARBAGE));
    IntegrityException e =
        assertThrows(
            IntegrityException.class,
            () ->
                fetcher.stream(
                    pinned(uri),
                    in -> {
                      throw new HostException("not a tar archive", "none");
                    }));
    assertTrue(e.toString().contains("sha512 " + Sha512.of(BODY)), e.toString());
  }

  @Test
  void aReadersOwnFailureIsToldWhenTheStreamIsRight() {
    assertEquals(
        "make room",
        failureOf(
                in -> {
                  throw new HostException("no room", "make room");
                })
            .remedy());
  }

  /** The store is not full then: another place for it would not help. */
  @Test
  void aFileThatAReaderCannotWriteIsNotTheStores() {
    HostException e =
        failureOf(
            in -> {
              throw WriteFailure.of(
                  Path.of("results/partial/kubectl"), new IOException("No space left"));
            });
    assertTrue(e.toString().contains("results/partial/kubectl: No space left"), e.toString());
    assertTrue(e.remedy().contains("--output"), e.remedy());
    assertFalse(e.remedy().contains("HARDBAKE_CACHE"), e.remedy());
  }

  /** Where the stream is right and its reader is not content. */
  private HostException failureOf(Fetcher.Reader<Void> reader) {
    URI uri = mirror.serve("/a", LyingMirror.honest(BODY));
    return assertThrows(HostException.class, () -> fetcher.stream(pinned(uri), reader));
  }

  @Test
  void knowsWhetherAHostAnswers() throws Exception {
    mirror.serve("/", LyingMirror.status(404));
    assertTrue(fetcher.reachable(mirror.at("/")));
    assertFalse(
        Fetcher.of(store, Progress.silent(), FetcherTest.offline()).reachable(mirror.at("/")));
    mirror.serve("/gateway", LyingMirror.status(502));
    assertFalse(fetcher.reachable(mirror.at("/gateway")));
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertFalse(fetcher.reachable(URI.create("http://127.0.0.1:" + free + "/")));
    assertFalse(fetcher.reachable(URI.create("http://host.invalid/")));
  }

  private static PinnedStream pinned(URI uri) {
    return new PinnedStream("a tarball", List.of(uri), Size.mib(1), Sha512.of(BODY));
  }
}
