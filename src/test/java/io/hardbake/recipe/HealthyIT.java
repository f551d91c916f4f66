package io.hardbake.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.Oracle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the API server's unit waits for. curl is played; a real one asks in the tests of roles. */
class HealthyIT {
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

  /** As long as it waited, systemd would start no other. */
  @Test
  void doesNotWaitForOneThatIsGone() throws Exception {
    machine.program("curl", "echo $* >>%s; exit 7".formatted(asked));
    assertEquals(1, waitFor("$(sh -c 'echo $$')").exitCode());
    assertEquals(1, Files.readAllLines(asked).size());
  }

  private Oracle.Result waitFor(String mainProcess) {
    String healthy = machine.file("/usr/lib/hardbake/healthy").toString();
    return machine.run(List.of("sh", "-c", "MAINPID=%s %s".formatted(mainProcess, healthy)));
  }
}
