package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What units wait for. curl is played; a real one asks in the tests of roles. */
class HealthyIT {
  private static final String FOUNDING = "/var/lib/hardbake/founding";

  @TempDir private Path directory;
  private FirstBootMachine machine;
  private Path asked;

  @BeforeEach
  void aController() throws Exception {
    machine = new FirstBootMachine(directory, "controller", "controller-0");
    asked = directory.resolve("asked");
  }

  @Test
  void waitsForAnApiServerThatStarts() throws Exception {
    machine.program("curl", "echo $* >>%1$s; test $(wc -l <%1$s) -ge 3".formatted(asked));
    waitFor("$$").succeeded();
    List<String> questions = Files.readAllLines(asked);
    assertEquals(3, questions.size(), questions::toString);
    for (String question : questions) {
      assertEquals("https://127.0.0.1:6443/healthz", question.replaceAll(".* ", ""));
    }
  }

  /** Before the start of a service that asks it there is no main process yet. */
  @Test
  void whoAsksItWaitsAsWell() throws Exception {
    machine.program("curl", "echo $* >>%1$s; test $(wc -l <%1$s) -ge 3".formatted(asked));
    String file = machine.file("/usr/lib/hardbake/healthy").toString();
    machine.run(List.of(file, "https://127.0.0.1:6443/healthz")).succeeded();
    assertEquals(3, Files.readAllLines(asked).size());
  }

  /** As long as it waited, systemd would start no other. */
  @Test
  void doesNotWaitForOneThatIsGone() throws Exception {
    machine.program("curl", "echo $* >>%s; exit 7".formatted(asked));
    assertEquals(1, waitFor("$(sh -c 'echo $$')").exitCode());
    assertEquals(1, Files.readAllLines(asked).size());
  }

  private Oracle.Result waitFor(String mainProcess) {
    return run(mainProcess, "healthy", "https://127.0.0.1:6443/healthz");
  }

  private Oracle.Result run(String mainProcess, String script, String... arguments) {
    String file = machine.file("/usr/lib/hardbake/" + script).toString();
    String line = "MAINPID=%s %s %s".formatted(mainProcess, file, String.join(" ", arguments));
    return machine.run(List.of("sh", "-c", line));
  }

  @Test
  void anEtcdThatFoundedNothingIsNotAsked() throws Exception {
    machine.program("curl", "echo $* >>" + asked);
    run("$$", "founded").succeeded();
    assertFalse(Files.exists(asked));
  }

  @Test
  void aFounderThatWorksIsNoneAnyMore() throws Exception {
    machine.program("curl", "echo $* >>" + asked).write(FOUNDING, "");
    run("$$", "founded").succeeded();
    assertTrue(Files.readString(asked).endsWith(" https://127.0.0.1:2379/health\n"));
    assertFalse(Files.exists(machine.file(FOUNDING)));
  }

  /** Those who have a cluster removed it: it ended without an error, and has to start anew. */
  @Test
  void aFounderThatIsGoneStaysOne() throws Exception {
    machine.program("curl", "exit 7").write(FOUNDING, "");
    assertEquals(1, run("$(sh -c 'echo $$')", "founded").exitCode());
    assertTrue(Files.exists(machine.file(FOUNDING)));
  }
}
