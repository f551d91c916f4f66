package io.hardbake.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.RecipeException;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class StoreTest {
  private static final byte[] BODY = "a body\n".getBytes(UTF_8);
  private static final Sha256 DIGEST = Sha256.of(BODY);

  @TempDir Path root;
  private Store store;

  @BeforeEach
  void open() throws IOException {
    store = Store.open(root);
  }

  @Test
  void keepsAFileUnderItsDigest() throws Exception {
    assertEquals(Optional.empty(), store.find(DIGEST));
    Path file = put(BODY);
    assertEquals(
        root.resolve("sha256").resolve(DIGEST.hex().substring(0, 2)).resolve(DIGEST.hex()), file);
    assertArrayEquals(BODY, Files.readAllBytes(file));
    assertEquals(Optional.of(file), Store.open(root).find(DIGEST));
  }

  @Test
  void doesNotUseAFlippedByte() throws Exception {
    Path file = put(BODY);
    flip(file);
    assertEquals(Optional.empty(), store.find(DIGEST));
    assertArrayEquals(BODY, Files.readAllBytes(put(BODY)));
  }

  @Test
  void doesNotUseAFlippedByteWithItsTimeSetBack() throws Exception {
    Path file = put(BODY);
    FileTime time = Files.getLastModifiedTime(file);
    flip(file);
    Files.setLastModifiedTime(file, time);
    assertEquals(Optional.empty(), store.find(DIGEST));
  }

  @Test
  void acceptsACopiedStoreAfterHashingIt() throws Exception {
    Path file = put(BODY);
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    Files.delete(Seal.pathFor(file));
    assertEquals(Optional.of(file), store.find(DIGEST));
    assertTrue(Files.exists(Seal.pathFor(file)));
  }

  @Test
  void verifyFindsWhatTheSealCannotSee() throws Exception {
    byte[] other = "other".getBytes(UTF_8);
    put(other);
    Path file = put(BODY);
    flip(file);
    Seal.of(file).orElseThrow().set(file, root.resolve("tmp/seal")); // as silent decay would look
    assertEquals(Optional.of(file), store.find(DIGEST));

    Store.Verified verified = store.verify(Progress.silent());
    assertEquals(2, verified.checked());
    assertEquals(List.of(DIGEST), verified.damaged());
    assertEquals(Optional.empty(), store.find(DIGEST));
    assertTrue(store.find(Sha256.of(other)).isPresent());
  }

  @Test
  void verifyPassesOverWhatIsPrunedMeanwhile() throws Exception {
    Path file = put(BODY);
    put("other".getBytes(UTF_8));
    Store.Verified verified = store.verify(atTheBeginning(() -> Store.remove(file)));
    assertEquals(new Store.Verified(1, new Size(5), List.of()), verified);
  }

  private static Progress atTheBeginning(Executable action) {
    Progress silent = Progress.silent();
    return new Progress() {
      @Override
      public Task begin(String what, Size total) {
        assertDoesNotThrow(action);
        return silent.begin(what, total);
      }

      @Override
      public void note(String line) {}

      @Override
      public void warn(String problem, String remedy) {}
    };
  }

  @Test
  void computesADerivedFileOnce() throws Exception {
    AtomicInteger computed = new AtomicInteger();
    Path first = derive(store, computed);
    assertEquals(first, derive(store, computed));
    assertEquals(first, derive(Store.open(root), computed));
    assertEquals(1, computed.get());
    assertArrayEquals(BODY, Files.readAllBytes(first));
    assertEquals(first, store.derived("other-kind", "key", out -> out.write(BODY)));
  }

  @Test
  void computesADamagedDerivedFileAgain() throws Exception {
    AtomicInteger computed = new AtomicInteger();
    flip(derive(store, computed));
    assertArrayEquals(BODY, Files.readAllBytes(derive(store, computed)));
    assertEquals(2, computed.get());
  }

  @Test
  void leavesNothingWhenAFillerFails() {
    assertThrows(
        RecipeException.class,
        () ->
            store.derived(
                "pack",
                "key",
                out -> {
                  out.write(BODY);
                  throw new RecipeException("wrong", "mend it");
                }));
    assertEquals(List.of(), files());
  }

  @Test
  void manyThreadsAndTwoStoresComputeOnce() throws Exception {
    Store second = Store.open(root);
    AtomicInteger computed = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(16);
    try {
      List<Future<Path>> results =
          IntStream.range(0, 16)
              .mapToObj(
                  i ->
                      pool.submit(
                          () -> {
                            start.await();
                            return derive(i % 2 == 0 ? store : second, computed);
                          }))
              .toList();
      start.countDown();
      for (Future<Path> result : results) {
        assertArrayEquals(BODY, Files.readAllBytes(result.get()));
      }
    } finally {
      pool.shutdownNow();
    }
    assertEquals(1, computed.get());
  }

  @Test
  void aWaiterIsInterrupted() throws Exception {
    CountDownLatch computing = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Future<Path> holder =
          pool.submit(
              () ->
                  store.derived(
                      "pack",
                      "key",
                      out -> {
                        computing.countDown();
                        Thread.sleep(TimeUnit.MINUTES.toMillis(5));
                      }));
      computing.await();
      Future<Path> waiter = pool.submit(() -> store.derived("pack", "key", out -> {}));
      pool.shutdownNow();
      assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS));
      assertThrows(Exception.class, holder::get);
      assertThrows(Exception.class, waiter::get);
    } finally {
      pool.shutdownNow();
    }
    assertEquals(List.of(), files());
  }

  @Test
  void prunesTheLeastRecentlyUsedAndTheOld() throws Exception {
    Instant now = Instant.now();
    Path old = stored("old", now.minus(Duration.ofDays(40)));
    Path middle = stored("middle", now.minus(Duration.ofDays(4)));
    Path young = stored("young", now);
    Size unlimited = new Size(Long.MAX_VALUE);

    assertEquals(1, store.prune(unlimited, Duration.ofDays(30)).removed());
    assertTrue(Files.notExists(old) && Files.exists(middle) && Files.exists(young));

    Store.Pruned pruned = store.prune(new Size(5), Duration.ofDays(30));
    assertEquals(new Store.Pruned(1, new Size(6), new Size(5)), pruned);
    assertTrue(Files.notExists(middle) && Files.exists(young));

    store.prune(Size.ZERO, Duration.ZERO);
    assertEquals(List.of(), files());
    assertEquals(Size.ZERO, store.size());
  }

  @Test
  void pruningLeavesADownloadThatIsUnderWay() throws Exception {
    Path partial = Files.write(store.partialOf(DIGEST), BODY);
    Files.setLastModifiedTime(partial, FileTime.from(Instant.EPOCH));
    Locks.Held downloading = store.lockDownload(DIGEST);
    store.prune(Size.ZERO, Duration.ZERO);
    assertTrue(Files.exists(partial));
    downloading.close();
    store.prune(Size.ZERO, Duration.ZERO);
    assertTrue(Files.notExists(partial));
  }

  @Test
  void findingCountsAsUse() throws Exception {
    Path file = stored("used", Instant.now().minus(Duration.ofDays(40)));
    store.find(Sha256.of("used".getBytes(UTF_8)));
    assertEquals(
        0, store.prune(new Size(Long.MAX_VALUE), Duration.ofDays(30)).removed(), file.toString());
  }

  /** Another process finishes one download after the other, each a rename out of the directory. */
  @Test
  void opensAndMeasuresWhileFilesComeAndGo() throws Exception {
    put(BODY);
    Path partial = root.resolve("partial");
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> finished =
          pool.submit(
              () -> {
                int made = 0;
                for (; made < 8 || !done.get(); made++) {
                  Files.writeString(partial.resolve("d" + made), "x");
                  if (made >= 8) {
                    Files.move(
                        partial.resolve("d" + (made - 8)),
                        root.resolve("gone"),
                        StandardCopyOption.REPLACE_EXISTING);
                  }
                }
                return made;
              });
      for (int i = 0; i < 150; i++) {
        long size = Store.open(root).size().bytes();
        assertTrue(size >= BODY.length, () -> size + " bytes");
      }
      done.set(true);
      assertTrue(finished.get() > 8);
    } finally {
      done.set(true);
      pool.shutdownNow();
    }
  }

  /** As a download does. */
  private Path put(byte[] body) throws Exception {
    Sha256 digest = Sha256.of(body);
    return store.adopt(Files.write(store.partialOf(digest), body), digest);
  }

  private Path stored(String body, Instant lastUse) throws Exception {
    byte[] bytes = body.getBytes(UTF_8);
    Path file = put(bytes);
    Files.setLastModifiedTime(Seal.pathFor(file), FileTime.from(lastUse));
    return file;
  }

  private static Path derive(Store store, AtomicInteger computed) throws Exception {
    return store.derived(
        "pack",
        "key",
        out -> {
          computed.incrementAndGet();
          Thread.sleep(20);
          out.write(BODY);
        });
  }

  /** All that lies in the store but the file of locks. */
  private List<String> files() {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> root.relativize(path).toString())
          .filter(path -> !path.equals("locks"))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Damages a file, later than the clock tick in which it was sealed. */
  static void flip(Path file) throws Exception {
    Thread.sleep(20);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    assertTrue(file.toFile().setWritable(true));
    Files.write(file, bytes);
  }
}
