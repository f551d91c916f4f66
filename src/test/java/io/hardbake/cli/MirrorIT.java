package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.Oracle;
import io.hardbake.io.Sha256;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bake where there is no network by the kernel's word, not by ours. */
final class MirrorIT {
  @TempDir private Path directory;

  /** The whole program in a network namespace in which not even loopback is up. */
  @Test
  void noNetworkAtAllIsNeeded() throws Exception {
    Oracle.require("unshare");
    try (TestProject project = TestProject.in(directory)) {
      bakeApart(project, directory.resolve("a copy"));
    }
  }

  private void bakeApart(TestProject project, Path copy) throws Exception {
    project.run("bake").succeeded();
    NavigableMap<String, Sha256> results = project.results();
    project.run("mirror", "--out", copy.toString()).succeeded();
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--map-root-user",
                "--net",
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.hardbake.cli.Main"));
    command.addAll(project.fromCopy(copy, "bake"));
    command.addAll(List.of("--output", directory.resolve("other").toString()));
    Oracle.run(
            command,
            Duration.ofMinutes(1),
            Map.of("HARDBAKE_CACHE", directory.resolve("empty").toString()))
        .succeeded();
    assertEquals(
        results,
        TestProject.digests(directory.resolve("other"), name -> !name.equals("bake.json")));
  }

  /** Negative control: in such a namespace no link is up, not even loopback. */
  @Test
  void aNetworkIsNotThereIndeed() throws Exception {
    Oracle.require("unshare");
    Oracle.run("unshare", "--map-root-user", "--net", "sh", "-c", "ip link show up | grep .")
        .refused();
  }
}
