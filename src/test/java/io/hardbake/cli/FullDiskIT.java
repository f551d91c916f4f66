package io.hardbake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.io.Sha256;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks that get full in the middle of a bake: of space and of inodes, those of the results, of the
 * store and of the project with its lock. The bake says which, with exit code 7, leaves no partial
 * file, and the next one succeeds once there is room.
 */
@Timeout(600)
final class FullDiskIT {
  private static final int TIMES = 100;

  @TempDir private Path directory;

  @Test
  void aFullDiskIsNamedAndLosesNothing() {
    Oracle.Result result = Apart.run(Bakes.class, directory);
    assertTrue(result.stdout().contains("disk full: " + TIMES + " in all"), result::toString);
  }

  /** What runs where the disks are mounted. */
  static final class Bakes {
    private static final String ROOMY = "size=64m";

    private final TestProject project;
    private final Outcomes outcomes = new Outcomes();
    private NavigableMap<String, Sha256> whole;

    private Bakes(TestProject project) throws Exception {
      this.project = project;
      project.run("bake").succeeded();
      this.whole = project.results();
    }

    public static void main(String[] arguments) throws Exception {
      System.setOut(new PrintStream(System.out, true, UTF_8));
      try (TestProject project = TestProject.withMachines(Path.of(arguments[0]))) {
        Bakes bakes = new Bakes(project);
        bakes.fill(project.target(), 35, i -> "size=" + (8 + i * 150) + "k");
        bakes.fill(project.target(), 10, i -> "size=64m,nr_inodes=" + (2 + i));
        bakes.fill(project.cache(), 35, i -> "size=" + (8 + i * 150) + "k");
        bakes.fill(project.cache(), 14, i -> "size=64m,nr_inodes=" + (2 + i * 5));
        bakes.fill(project.root().resolve("images"), 6, i -> "size=" + (24 + i * 4) + "k");
        bakes.outcomes.print("disk full");
        System.out.println("disk full: " + bakes.outcomes.total() + " in all");
      } catch (Throwable e) {
        e.printStackTrace();
        System.exit(1); // the archive's threads would keep it alive
      }
    }

    /** One bake for each size of the disk that is mounted on a directory. */
    private void fill(Path at, int times, Function<Integer, String> options) throws Exception {
      boolean recipes = at.equals(project.root().resolve("images"));
      for (int i = 0; i < times; i++) {
        Path kept = Files.createDirectories(project.root().resolve("kept"));
        if (recipes) {
          Oracle.run("cp", "-a", at + "/.", kept.toString()).succeeded();
          Files.deleteIfExists(kept.resolve("hardbake.lock"));
        }
        String option = options.apply(i);
        Files.createDirectories(at);
        mount(option, at);
        try {
          if (recipes) {
            Oracle.run("cp", "-a", kept + "/.", at.toString()).succeeded();
            Oracle.run("sh", "-c", "cat /dev/zero > '" + at + "/ballast'"); // leaves no room
          }
          one(at, option, recipes);
        } finally {
          Oracle.run("umount", "-l", at.toString()).succeeded();
        }
      }
    }

    private void one(Path at, String option, boolean recipes) throws Exception {
      String when = at.getFileName() + " with " + option;
      TestProject.Outcome outcome = project.run("bake");
      if (outcome.code() == 0) {
        throw new AssertionError(when + " is not small enough: " + outcome);
      }
      outcome.failed(Failure.HOST).says("No space left on device", at.toString());
      // Whole files, and the beginnings of downloads that the next bake resumes.
      assertEquals(List.of(), project.temporary(), when + outcome);
      for (Map.Entry<String, Sha256> file : project.results().entrySet()) {
        assertEquals(whole.get(file.getKey()), file.getValue(), when);
      }
      mount("remount," + ROOMY + ",nr_inodes=10000", at);
      if (recipes) {
        Files.delete(at.resolve("ballast"));
      }
      project.run("bake").succeeded();
      assertEquals(whole, project.results(), when);
      assertEquals(List.of(), project.leftovers(), when);
      outcomes.add(
          "%s, %s: exit 7 names it, nothing partial, next bake equal"
              .formatted(at.getFileName(), option.contains("inodes") ? "inodes" : "space"),
          1);
    }

    private static void mount(String options, Path at) {
      Oracle.run("mount", "-t", "tmpfs", "-o", options, "tmpfs", at.toString()).succeeded();
    }
  }
}
