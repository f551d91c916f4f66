package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.io.Sha256;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, and a polite kill, at random moments of a bake: it stops soon and tidies up. */
@Timeout(300)
final class InterruptedBakeIT {
  private static final int TIMES = 20;

  /** Some bakes are quicker than the signal. */
  private static final int MOST_TRIES = 60;

  /** What is promised is one second; this one is for a busy machine. */
  private static final long MOST_MILLIS = 5_000;

  private static final Map<String, Integer> SIGNALS = Map.of("INT", 130, "TERM", 143);

  @TempDir private Path directory;

  @Test
  void stopsAndLeavesNoTemporaryFile() throws Exception {
    Installation installation = Installation.in(directory.resolve("installed"));
    Random random = new Random(3);
    List<Long> millis = new ArrayList<>();
    try (TestProject project = TestProject.withMachines(directory)) {
      Path log = directory.resolve("log");
      installation.warmUp(project, log);
      long whole = System.nanoTime();
      remove(project);
      installation.launch(project, log, "bake").run().succeeded();
      whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - whole);
      for (int i = 0; i < MOST_TRIES && millis.size() < TIMES; i++) {
        remove(project);
        String signal = millis.size() % 2 == 0 ? "INT" : "TERM";
        // Where the tests run in a shell's background, Ctrl-C is ignored by all that they start.
        Launch launch = installation.launch(project, log, "bake").by("env", "--default-signal=INT");
        Process process = launch.start();
        TestProject.Outcome outcome;
        long start;
        try {
          // Not at once: before main runs, a signal ends a JVM by itself.
          process.waitFor(whole / 5 + random.nextLong(whole / 2), TimeUnit.MILLISECONDS);
          start = System.nanoTime();
          Oracle.run("kill", "-" + signal, Long.toString(process.pid()));
          outcome = launch.ended(process);
        } finally {
          Launch.kill(process);
        }
        if (outcome.code() == 0) {
          continue;
        }
        millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        assertEquals(SIGNALS.get(signal), outcome.code(), outcome::toString);
        assertEquals(List.of(), project.temporary(), outcome::toString);
        assertFalse(
            TestProject.digests(project.cache().resolve("partial"), name -> true)
                .containsValue(Sha256.of(new byte[0])),
            outcome::toString);
      }
      project.run("bake").succeeded();
    }
    Collections.sort(millis);
    System.out.println("interrupted: milliseconds from the signal to the end: " + millis);
    assertEquals(TIMES, millis.size(), millis::toString);
    assertTrue(millis.get(millis.size() - 1) < MOST_MILLIS, millis::toString);
  }

  private static void remove(TestProject project) {
    Oracle.run("rm", "-rf", project.cache().toString(), project.target().toString()).succeeded();
  }
}
