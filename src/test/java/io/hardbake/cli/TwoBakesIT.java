package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.Oracle;
import io.hardbake.io.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two bakes at once, in one directory and with one store: neither knows of the other. */
@Timeout(300)
final class TwoBakesIT {
  @TempDir private Path directory;
  @AutoClose private TestProject project;
  private Installation installation;
  private NavigableMap<String, Sha256> whole;

  @BeforeEach
  void make() throws Exception {
    project = TestProject.withMachines(directory);
    installation = Installation.in(directory.resolve("installed"));
    project.run("bake").succeeded();
    whole = project.results();
  }

  @Test
  void theSameTwice() throws Exception {
    atOnce(List.of("--jobs", "2"), List.of("--jobs", "1"));
    assertEquals(whole, project.results());
  }

  @Test
  void twoRoles() throws Exception {
    atOnce(List.of("controller"), List.of("loadbalancer"));
    assertEquals(whole, project.results());
  }

  @Test
  void twoFormats() throws Exception {
    atOnce(List.of("--format", "oci,qcow2"), List.of("--format", "libvirt,virtualbox"));
    assertEquals(whole, project.results());
  }

  /** From nothing, the lock included: both resolve, fetch and work out the same. */
  private void atOnce(List<String> one, List<String> other) throws Exception {
    Oracle.run(
            "rm",
            "-rf",
            project.cache().toString(),
            project.target().toString(),
            project.lock().toString())
        .succeeded();
    List<Launch> launches = new ArrayList<>();
    List<Process> processes = new ArrayList<>();
    try {
      for (List<String> further : List.of(one, other)) {
        Path log = directory.resolve("log" + launches.size());
        Launch launch = installation.launch(project, log, "bake", further.toArray(String[]::new));
        launches.add(launch);
        processes.add(launch.start());
      }
      for (int i = 0; i < launches.size(); i++) {
        launches.get(i).ended(processes.get(i)).succeeded();
      }
    } finally {
      processes.forEach(Launch::kill);
    }
    assertEquals(List.of(), project.leftovers());
    project.runAsIs(List.of("cache", "verify")).succeeded();
    Files.delete(project.target().resolve("bake.json")); // there, whoever was last
  }
}
