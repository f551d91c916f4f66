package io.hardbake.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.BakeException;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import io.hardbake.progress.RecordingProgress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One store and several processes, some of which are killed. */
@Timeout(120)
final class StoreProcessesTest {
  private static final byte[] BODY = new byte[300_000];

  @TempDir Path root;
  private final List<Process> processes = new ArrayList<>();

  /** What the other processes run. */
  static final class Other {
    public static void main(String[] arguments)
        throws IOException, BakeException, InterruptedException {
      Store store = Store.open(Path.of(arguments[1]));
      switch (arguments[0]) {
        case "open" -> say("open");
        case "derive" -> derive(store, Path.of(arguments[2]));
        case "hang" -> hang(store);
        case "fetch" -> fetch(store, URI.create(arguments[2]));
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }

    /** Leaves a line in {@code log} for each time that it computes. */
    private static void derive(Store store, Path log)
        throws IOException, BakeException, InterruptedException {
      say("ready");
      if (System.in.read() < 0) {
        return;
      }
      Path file =
          store.derived(
              "pack",
              "key",
              out -> {
                Files.writeString(
                    log, "computed\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                Thread.sleep(300);
                out.write(BODY);
              });
      say(Sha256.of(file).hex());
    }

    private static void hang(Store store) throws IOException, BakeException, InterruptedException {
      store.derived(
          "pack",
          "key",
          out -> {
            out.write(BODY);
            say("writing");
            Thread.sleep(Long.MAX_VALUE);
          });
    }

    private static void fetch(Store store, URI uri) throws BakeException, InterruptedException {
      say("fetching");
      Fetcher.of(store, Progress.silent(), FetchSettings.of(Map.of())).fetch(download(uri));
    }

    private static void say(String line) {
      System.out.println(line);
      System.out.flush();
    }
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void fourProcessesComputeOnce(@TempDir Path elsewhere) throws Exception {
    Path log = elsewhere.resolve("log");
    List<Process> four = new ArrayList<>();
    List<BufferedReader> said = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Process process = start("derive", root.toString(), log.toString());
      four.add(process);
      said.add(new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)));
    }
    for (BufferedReader reader : said) {
      assertEquals("ready", reader.readLine());
    }
    for (Process process : four) {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    }
    for (BufferedReader reader : said) {
      assertEquals(Sha256.of(BODY).hex(), reader.readLine());
    }
    assertEquals("computed\n", Files.readString(log));
  }

  @Test
  void aKilledProcessLeavesNothingAndBlocksNobody() throws Exception {
    Process hanging = start("hang", root.toString());
    assertEquals("writing", firstLine(hanging));
    assertEquals(1, filesUnder("tmp").size());
    Store.open(root); // While its owner lives, nobody sweeps it.
    assertEquals(1, filesUnder("tmp").size());

    hanging.destroyForcibly();
    assertTrue(hanging.waitFor(10, TimeUnit.SECONDS));
    assertEquals(List.of(), filesUnder("sha256"));
    Store store = Store.open(root);
    assertEquals(List.of(), filesUnder("tmp"));
    Path file = store.derived("pack", "key", out -> out.write(BODY));
    assertArrayEquals(BODY, Files.readAllBytes(file));
  }

  @Test
  void whoWaitsForAnotherProcessSaysSo() throws Exception {
    Process hanging = start("hang", root.toString());
    assertEquals("writing", firstLine(hanging));
    RecordingProgress progress = new RecordingProgress();
    Store store = Store.open(root, progress);
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Future<Path> waiting =
          pool.submit(() -> store.derived("pack", "key", out -> out.write(BODY)));
      while (progress.notes().isEmpty()) {
        Thread.sleep(50);
      }
      hanging.destroyForcibly();
      assertArrayEquals(BODY, Files.readAllBytes(waiting.get()));
    } finally {
      pool.shutdownNow();
    }
    assertEquals(
        List.of("waiting for another hardbake, which works out what this needs, too (pack)"),
        progress.notes());
  }

  /** Its channel is closed some time after nothing refers to it, and POSIX locks go with that. */
  @Test
  void aStoreThatIsForgottenTakesNoLockFromAnother() throws Exception {
    Store store = Store.open(root);
    WeakReference<Store> forgotten = new WeakReference<>(Store.open(root));
    while (forgotten.get() != null) {
      System.gc();
    }
    Thread.sleep(200); // The channel's cleaner runs after that.
    Process opening = start("open", root.toString());
    assertEquals("open", firstLine(opening));

    Path file = store.derived("pack", "key", out -> out.write(BODY));
    assertArrayEquals(BODY, Files.readAllBytes(file));
  }

  @Test
  void aKilledDownloadIsResumed() throws Exception {
    try (LyingMirror mirror = new LyingMirror()) {
      URI uri =
          mirror.serve(
              "/a", LyingMirror.first(mirror.stalling(BODY, 200_000), LyingMirror.honest(BODY)));
      Process fetching = start("fetch", root.toString(), uri.toString());
      Path partial = root.resolve("partial").resolve(download(uri).sha256().hex());
      while (!Files.exists(partial) || Files.size(partial) < 65_536) {
        assertTrue(fetching.isAlive());
        Thread.sleep(20);
      }
      fetching.destroyForcibly();
      assertTrue(fetching.waitFor(10, TimeUnit.SECONDS));
      assertEquals(List.of(), filesUnder("sha256"));

      long kept = Files.size(partial);
      Store store = Store.open(root);
      Path file =
          Fetcher.of(store, Progress.silent(), FetchSettings.of(Map.of())).fetch(download(uri));
      assertArrayEquals(BODY, Files.readAllBytes(file));
      assertEquals("bytes=" + kept + "-", mirror.requests().get(1).range());
      assertEquals(List.of(), filesUnder("partial"));
    }
  }

  private static Download download(URI uri) {
    return new Download("a", List.of(uri), new Size(BODY.length), Sha256.of(BODY));
  }

  private static String firstLine(Process process) throws IOException {
    return String.valueOf(
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine());
  }

  private List<Path> filesUnder(String room) throws IOException {
    try (Stream<Path> paths = Files.walk(root.resolve(room))) {
      return paths.filter(Files::isRegularFile).toList();
    }
  }

  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName()));
    command.addAll(Arrays.asList(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    processes.add(process);
    return process;
  }
}
