package io.hardbake.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A search of seconds, so that the targets and the fuzzer stay in working order. */
final class FuzzIT {
  private static final String SCRIPT = Path.of("src/test/host/fuzz").toAbsolutePath().toString();

  /** Each target starts a JVM; all of them take minutes. */
  @Test
  void aShortSearchFindsNothing() throws IOException {
    Set<String> targets =
        Boolean.getBoolean("hardbake.slow")
            ? FuzzCorpusTest.targets().keySet()
            : Set.of("DebFuzz", "MachineDiskFuzz", "RecipeFuzz");
    Oracle.Result result = fuzz("2", targets.toArray(new String[0])).succeeded();
    List<String> lines = result.stdout().lines().toList();
    for (String line : lines) {
      assertTrue(
          line.matches("[A-Za-z0-9]+Fuzz: [0-9]+ inputs, [1-9][0-9]* edges, .*, nothing found"),
          result::toString);
    }
    assertEquals(
        targets.stream().sorted().toList(),
        lines.stream().map(line -> line.substring(0, line.indexOf(':'))).sorted().toList());
  }

  /** It is guided: chance alone would need a million million inputs. */
  @Test
  void aPlantedMistakeIsFound() {
    Oracle.Result result = fuzz("60", "PlantedFuzz");
    assertEquals(1, result.exitCode(), result::toString);
    assertTrue(result.stdout().contains("java.lang.AssertionError: found"), result::toString);
  }

  private static Oracle.Result fuzz(String seconds, String... targets) {
    List<String> command = new ArrayList<>(List.of(SCRIPT));
    command.addAll(List.of(targets));
    return Oracle.run(
        command,
        Duration.ofMinutes(10),
        Map.of(
            "HARDBAKE_FUZZ_SECONDS",
            seconds,
            "HARDBAKE_FUZZ_INPUT_SECONDS",
            "60", // other tests run beside it
            "CLASSPATH",
            // Surefire's own class path is a jar with nothing but a manifest.
            System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path", "")),
            // Most of a short search is start-up; the optimizing compiler would not pay.
            "JAVA_TOOL_OPTIONS",
            "-XX:TieredStopAtLevel=1"));
  }
}
