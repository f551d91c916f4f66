package io.hardbake.cli;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.Oracle;
import io.hardbake.cli.Changes.Sign;
import io.hardbake.cli.Changes.State;
import io.hardbake.io.Sha256;
import java.io.IOException;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bakes that get SIGKILL, at random moments and at chosen ones. What is under a final name is whole
 * then, the store holds nothing damaged, and the next bake succeeds and leaves nothing of the dead.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES) // for 200 kills, and another class at the same time
final class KilledBakeIT {
  /** 200 take four minutes: {@code make soak} has them. */
  private static final int KILLS = Boolean.getBoolean("hardbake.slow") ? 200 : 48;

  private static final int AT_A_TIME = 2;
  private static final Path WORK = Path.of("target", "work");

  /** Each third kill comes when a sign appears, the others at a random moment of the work. */
  private static final int AIMED = 3;

  /** Some signs are there for a moment only, which a busy machine may sleep through. */
  private static final int MOST_TRIES = 8;

  private static final List<State> STATES = List.of(State.values());
  private static final List<Sign> SIGNS = List.of(Sign.values());

  @TempDir private Path directory;

  @Test
  void nothingIsLostOrLeft() throws Exception {
    Installation installation = Installation.in(directory.resolve("installed"));
    Path first = Files.createDirectories(directory.resolve("first"));
    try (TestProject project = TestProject.withMachines(first)) {
      installation.warmUp(project, first.resolve("log"));
    }
    List<Future<Worker>> workers = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      for (int i = 0; i < AT_A_TIME; i++) {
        int number = i;
        workers.add(
            pool.submit(
                () -> {
                  Path own = Files.createDirectories(directory.resolve("worker " + number));
                  try (TestProject project = TestProject.withMachines(own)) {
                    Worker worker = new Worker(project, installation, own, number);
                    worker.run(KILLS / AT_A_TIME);
                    return worker;
                  }
                }));
      }
      Outcomes all = new Outcomes();
      Outcomes hits = new Outcomes();
      for (int i = 0; i < AT_A_TIME; i++) {
        Worker worker = workers.get(i).get();
        worker.outcomes.counts().forEach(all::add);
        worker.hits.counts().forEach(hits::add);
      }
      all.print("kills");
      hits.print("aimed kills");
      assertEquals(KILLS, all.total());
      // Most are to hit a bake at work, else this proves little.
      assertTrue(all.of(Worker.AT_WORK) > KILLS / 2, all::toString);
      for (Sign sign : SIGNS) {
        assertTrue(hits.of(sign.name()) > 0, () -> sign + " was never hit: " + hits);
      }
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

  /** The other negative control: what is there already is no sign of a bake at work. */
  @Test
  void whereNothingRunsThereIsNoSign() throws Exception {
    Path own = Files.createDirectories(directory.resolve("own"));
    try (TestProject project = TestProject.withMachines(own)) {
      project.run("bake").succeeded();
      Changes changes = new Changes(project);
      for (Sign sign : SIGNS) {
        assertFalse(changes.show(sign), sign::name);
      }
      assertFalse(changes.any());
      project.run("bake", "--format", "qcow2", "--qcow2-compression", "deflate").succeeded();
      assertTrue(changes.show(Sign.DISK));
      assertTrue(changes.any());
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
    private final Outcomes hits = new Outcomes();

    /** What is baked first, and what is baked over it. */
    private final List<NavigableMap<String, Sha256>> whole = new ArrayList<>();

    private Sha256 lock = Sha256.of(new byte[0]);

    /** How long a bake takes from its first change to its end. */
    private final Map<State, Long> millis = new EnumMap<>(State.class);

    Worker(TestProject project, Installation installation, Path own, int seed) {
      this.project = project;
      this.installation = installation;
      this.log = own.resolve("log");
      this.random = new Random(seed);
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

    void run(int kills) throws Exception {
      learn();
      for (State state : STATES) {
        prepare(state);
        Changes changes = new Changes(project);
        Launch launch = installation.launch(project, log, "bake");
        Process process = launch.start();
        long start;
        try {
          await(process, changes::any);
          start = System.nanoTime();
          launch.ended(process).succeeded();
        } finally {
          Launch.kill(process);
        }
        millis.put(state, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      }
      for (int i = 0; i < kills; i++) {
        boolean aimed = i % AIMED == 0;
        Sign sign = SIGNS.get(i / AIMED % SIGNS.size());
        State state = aimed ? sign.state() : STATES.get(i % STATES.size());
        boolean killed = false;
        for (int tries = 0; !killed && tries < (aimed ? MOST_TRIES : 1); tries++) {
          prepare(state);
          Changes changes = new Changes(project);
          killed =
              aimed
                  ? kill(() -> changes.show(sign), 0)
                  : kill(changes::any, random.nextLong(requireNonNull(millis.get(state)) + 1));
          check("after kill %d of %s".formatted(i, state));
        }
        outcomes.add(killed ? AT_WORK : ENDED, 1);
        if (killed && aimed) {
          hits.add(sign.name(), 1);
        }
      }
    }

    /** Kills a bake some time after a point that it comes to; false if it ended before that. */
    private boolean kill(Callable<Boolean> point, long millisAfter) throws Exception {
      Process process = installation.launch(project, log, "bake").start();
      boolean seen;
      try {
        seen = await(process, point);
        process.waitFor(millisAfter, TimeUnit.MILLISECONDS);
      } finally {
        process.destroyForcibly();
      }
      process.waitFor();
      return seen && process.exitValue() == 128 + 9;
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

    /** Waits until a bake has come to a point; false if it ended before that was seen. */
    private static boolean await(Process process, Callable<Boolean> point) throws Exception {
      while (process.isAlive()) {
        if (point.call()) {
          return true;
        }
        Thread.sleep(1);
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
