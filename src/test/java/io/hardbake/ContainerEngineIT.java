package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/** The engine does what the tests of baked images count on, shown with an image of one program. */
final class ContainerEngineIT {
  private static final String NAME = "hardbake-test/engine:latest";

  /**
   * As first process it waits for a signal; otherwise it tells the host name or makes a directory.
   */
  private static final String PROGRAM =
      """
      #include <stdio.h>
      #include <string.h>
      #include <sys/stat.h>
      #include <unistd.h>
      int main(int argc, char **argv) {
        char name[256];
        if (argc == 1) return pause();
        if (strcmp(argv[1], "name") == 0) {
          gethostname(name, sizeof name);
          return puts(name) < 0;
        }
        return mkdir(argv[1], 0755) != 0;
      }
      """;

  @TempDir static Path directory;
  private static String image = "";

  @BeforeAll
  static void build() throws IOException {
    ContainerEngine.require();
    Oracle.require("gcc", "tar");
    Path source = Files.writeString(directory.resolve("machine.c"), PROGRAM);
    Path root = Files.createDirectories(directory.resolve("root/tmp")).resolveSibling("");
    Oracle.run("gcc", "-static", "-o", root.resolve("machine").toString(), source.toString())
        .succeeded();
    Path tar = directory.resolve("root.tar");
    Oracle.run("tar", "-C", root.toString(), "-cf", tar.toString(), ".").succeeded();
    Oracle.run("docker", "import", "-c", "CMD [\"/machine\"]", tar.toString(), NAME).succeeded();
    Path archive = directory.resolve("image.tar");
    Oracle.run("docker", "save", "-o", archive.toString(), NAME).succeeded();
    Oracle.run("docker", "rmi", NAME).succeeded();
    image = ContainerEngine.load(archive);
  }

  @AfterAll
  static void remove() {
    if (!image.isEmpty()) {
      Oracle.run("docker", "rmi", image);
    }
  }

  @Test
  void namesWhatItLoaded() {
    assertEquals(NAME, image);
  }

  @Test
  void runsAMachineThatMayWriteToItsCgroups() {
    try (GenericContainer<?> machine = ContainerEngine.machine(image, "controller-0")) {
      machine.start();
      assertEquals(
          "controller-0\n",
          ContainerEngine.await(machine, Duration.ofSeconds(10), "/machine", "name").stdout());
      ContainerEngine.run(machine, "/machine", "/sys/fs/cgroup/own").succeeded();
      ContainerEngine.run(machine, "/machine", "/sys/fs/cgroup/own").refused();
      assertThrows(
          AssertionError.class,
          () -> ContainerEngine.await(machine, Duration.ZERO, "/machine", "/no/such/parent"));
    }
  }

  @Test
  void neverPulls() {
    try (GenericContainer<?> absent =
        ContainerEngine.machine("hardbake-test/absent:latest", "absent")) {
      long start = System.nanoTime();
      Throwable refusal = assertThrows(RuntimeException.class, absent::start);
      while (refusal.getCause() != null) {
        refusal = refusal.getCause();
      }
      assertTrue(refusal.toString().contains("No such image"), refusal.toString());
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 30);
    }
  }
}
