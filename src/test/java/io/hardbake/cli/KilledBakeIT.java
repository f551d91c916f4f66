package io.hardbake.cli;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.Oracle;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bakes that get SIGKILL, at random moments and at chosen ones. What is under a final name is whole
 * then, the store holds nothing damaged, and the next bake succeeds and leaves nothing of the dead.
 */
@Timeout(600)
final class KilledBakeIT {
  private static final int KILLS = 200;
  private static final int AT_A_TIME = 2;
  private static final Path WORK = Path.of("target", "work");

  /** Each fifth kill comes when one of these appears, the others at a random moment. */
  private static final int AIMED = 5;

  @TempDir private Path directory;

  @Test
  void nothingIsLostOrLeft() throws Exception {
    Installation installation = Installation.in(directory.resolve("installed"));
    Path first = Files.createDirectories(directory.resolve("first"));
    try (TestProject project = TestProject.withMachines(first)) {
      installation.warmUp(project, first.resolve("log"));
    }
    List<Future<Outcomes>> workers = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      for (int i = 0; i < AT_A_TIME; i++) {
        int number = i;
        workers.add(
            pool.submit(
                () -> {
                  Path own = Files.createDirectories(directory.resolve("worker " + number));
                  try (TestProject project = TestProject.withMachines(own)) {
                    return new Worker(project, installation, own, number).run(KILLS / AT_A_TIME);
                  }
                }));
      }
      Outcomes all = new Outcomes();
      for (Future<Outcomes> worker : workers) {
        worker.get().counts().forEach(all::add);
      }
      all.print("kills");
      assertEquals(KILLS, all.total());
      // Most are to hit a bake at work, else this proves little.
      assertTrue(all.of(Worker.AT_WORK) > KILLS / 2, all::toString);
    } finally {
      pool.shutdownNow();
    }
  }

  /** The negative control: a file that is not whole is seen. */
  @Test
  void aPartialResultIsSeen() throws Exception {
    Installation installation = Installation.in(directory.resolve("installed"));
    Path own = Files.createDirectories(directory.resolve("own"));
    try (TestProject project = TestProject.withMachines(own)) {
      Worker worker = new Worker(project, installation, own, 0);
      worker.learn();
      worker.checkResults("untouched");
      Path disk = project.target().resolve("disks/controller-amd64.qcow2");
      try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.WRITE)) {
        channel.truncate(Files.size(disk) - 1);
      }
      assertThrows(AssertionError.class, () -> worker.checkResults("cut"));
    }
  }

  /** Kills the bakes of one project, one after the other. */
  private static final class Worker {
    static final String AT_WORK = "killed at work: results whole, store whole, next bake equal";
    static final String ENDED = "had ended before the kill";

    private final TestProject project;
    private final Installation installation;
    private final Path log;
    private final Random random;
    private final Outcomes outcomes = new Outcomes();

    /** What is baked first, and what is baked over it. */
    private final List<NavigableMap<String, Sha256>> whole = new ArrayList<>();

    private Sha256 lock = Sha256.of(new byte[0]);
    private final Map<State, Long> millis = new EnumMap<>(State.class);

    Worker(TestProject project, Installation installation, Path own, int seed) {
      this.project = project;
      this.installation = installation;
      this.log = own.resolve("log");
      this.random = new Random(seed);
    }

    /** What a bake finds. */
    private enum State {
      NOTHING,
      STORE,
      RESULTS,
      OTHER_RESULTS
    }

    /** What whole results look like. */
    void learn() throws Exception {
      project.run("bake").succeeded();
      lock = Sha256.of(project.lock());
      for (int i = 0; i < 2; i++) {
        edit(i);
        project.run("bake").succeeded();
        whole.add(project.results());
      }
    }

    Outcomes run(int kills) throws Exception {
      learn();
      for (State state : State.values()) {
        prepare(state);
        long start = System.nanoTime();
        installation.launch(project, log, "bake").run().succeeded();
        millis.put(state, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      }
      for (int i = 0; i < kills; i++) {
        State state = State.values()[i % State.values().length];
        prepare(state);
        boolean killed = kill(state, i);
        outcomes.add(killed ? AT_WORK : ENDED, 1);
        check("after kill %d of %s".formatted(i, state));
      }
      return outcomes;
    }

    private void edit(int version) throws IOException {
      project.recipe("box", TestMachine.BOX.replace("a box", "a box, version " + version));
    }

    private void prepare(State state) throws Exception {
      if (state == State.OTHER_RESULTS) {
        edit(0);
        project.run("bake").succeeded();
        edit(1);
        return;
      }
      edit(1);
      if (state == State.NOTHING) {
        Oracle.run("rm", "-rf", project.cache().toString(), project.lock().toString()).succeeded();
      }
      if (state != State.RESULTS) {
        Oracle.run("rm", "-rf", project.target().toString()).succeeded();
      }
    }

    /** Whether the kill hit it. */
    private boolean kill(State state, int number) throws Exception {
      Process process = installation.launch(project, log, "bake").start();
      try {
        long wait = random.nextLong(requireNonNull(millis.get(state)) + 1);
        if (number % AIMED == 0) {
          String sign =
              List.of(".part", "/tmp/", "/partial/", ".lock", ".qcow2").get(random.nextInt(5));
          while (process.isAlive() && !appeared(sign)) {
            Thread.sleep(1);
          }
        } else {
          process.waitFor(wait, TimeUnit.MILLISECONDS);
        }
      } finally {
        process.destroyForcibly();
      }
      process.waitFor();
      return process.exitValue() == 128 + 9;
    }

    private boolean appeared(String sign) {
      for (Path root : List.of(project.root(), project.cache())) {
        try (Stream<Path> files = Files.walk(root)) {
          if (files.anyMatch(f -> Files.isRegularFile(f) && f.toString().contains(sign))) {
            return true;
          }
        } catch (IOException | UncheckedIOException e) {
          // It changes while it is listed.
        }
      }
      return false;
    }

    void checkResults(String when) throws IOException {
      for (Map.Entry<String, Sha256> file : project.digests().entrySet()) {
        String name = file.getKey();
        if (name.endsWith("hardbake.lock")) {
          assertEquals(lock, file.getValue(), when);
        } else if (name.equals("target/bake.json")) {
          new ObjectMapper().readTree(project.root().resolve(name).toFile());
        } else if (name.startsWith("target/") && !isTemporary(name)) {
          String result = name.substring("target/".length());
          assertTrue(
              whole.stream().anyMatch(all -> file.getValue().equals(all.get(result))),
              () -> when + " this is not whole: " + name);
        }
      }
    }

    /** What the next bake has to remove: see the check for what is left over. */
    private static boolean isTemporary(String name) {
      return name.endsWith(".part") || Path.of(name).startsWith(WORK);
    }

    private void check(String when) throws Exception {
      checkResults(when);
      project.runAsIs(List.of("cache", "verify")).succeeded();
      project.run("bake").succeeded();
      assertEquals(whole.get(1), project.results(), when);
      assertEquals(lock, Sha256.of(project.lock()), when);
      assertEquals(List.of(), project.leftovers(), when);
    }
  }
}
