package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.Surroundings;
import io.hardbake.Surroundings.Dimension;
import io.hardbake.SurroundingsRooms;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * A small project with outputs of every format, baked with one thing about the surroundings changed
 * at a time: what leaves a trace is named.
 */
final class SurroundingsIT {
  @TempDir private Path directory;
  private final SortedMap<Dimension, String> untried = new TreeMap<>();
  @AutoClose private SurroundingsRooms rooms;

  @BeforeEach
  void open() throws IOException {
    rooms = SurroundingsRooms.in(directory);
  }

  @Test
  void noneLeavesATraceInAnyOutput() throws Exception {
    try (TestProject project =
        TestProject.withMachines(Files.createDirectories(directory.resolve("small")))) {
      project.run("bake").succeeded();
      Surroundings here = rooms.make(project.root(), Set.of());
      NavigableMap<String, Sha256> expected = bake(here, project);
      for (String room : new String[] {"images", "disks", "boxes", "manifests", "sbom"}) {
        assertTrue(expected.keySet().stream().anyMatch(f -> f.startsWith(room + "/")), room);
      }
      SortedMap<Dimension, List<String>> traces = new TreeMap<>();
      Set<Dimension> tried = EnumSet.noneOf(Dimension.class);
      for (Dimension dimension : Dimension.values()) {
        vary(
            project.root(),
            dimension,
            there -> {
              List<String> differing = differing(expected, bake(there, project));
              if (!differing.isEmpty()) {
                traces.put(dimension, differing);
              }
              tried.add(dimension);
            });
      }
      assertEquals(Map.of(), traces);
      assertEquals(expected, bake(rooms.make(project.root(), tried), project));
      // With a store that knows everything by now.
      here.bake(arguments(project)).succeeded();
      assertEquals(expected, here.outputs());
    }
    sayWhatIsUntried();
  }

  /** Else the other test could not fail. */
  @Test
  void eachIsReallyAnotherOne() throws Exception {
    Path project = Path.of("").toAbsolutePath();
    SortedMap<String, String> here = rooms.make(project, Set.of()).seen();
    for (Dimension dimension : Dimension.values()) {
      vary(project, dimension, there -> assertDiffer(dimension, here, there.seen()));
    }
    sayWhatIsUntried();
  }

  private static void assertDiffer(
      Dimension dimension, SortedMap<String, String> here, SortedMap<String, String> there) {
    assertEquals(here.keySet(), there.keySet());
    boolean visible =
        dimension != Dimension.JOBS
            && (dimension != Dimension.CORES || Runtime.getRuntime().availableProcessors() > 1);
    for (String each : here.keySet()) {
      if (each.equals(dimension.name()) && visible) {
        assertNotEquals(here.get(each), there.get(each), each);
      } else {
        assertEquals(here.get(each), there.get(each), each + " when varying " + dimension);
      }
    }
  }

  private interface Look {
    void at(Surroundings there) throws Exception;
  }

  /** One dimension that this host cannot vary must not hide what the others leave. */
  private void vary(Path project, Dimension dimension, Look look) throws Exception {
    try {
      look.at(rooms.make(project, Set.of(dimension)));
    } catch (TestAbortedException e) {
      untried.put(dimension, String.valueOf(e.getMessage()));
    }
  }

  /** Skips the test once all that can be tried here was. */
  private void sayWhatIsUntried() {
    if (!untried.isEmpty()) {
      throw new TestAbortedException("all else was tried: " + untried);
    }
  }

  /** With the inputs in the store, the binaries among them, and nothing worked out from them. */
  private static NavigableMap<String, Sha256> bake(Surroundings where, TestProject project)
      throws IOException {
    Files.createDirectories(where.store().resolve("derived"));
    for (String room : new String[] {"sha256", "derived/kubernetes"}) {
      Path from = project.cache().resolve(room);
      Oracle.run("cp", "-r", from.toString(), where.store().resolve(room).toString()).succeeded();
    }
    where.bake(arguments(project)).succeeded();
    return where.outputs();
  }

  private static String[] arguments(TestProject project) {
    Path directory = project.root().resolveSibling("");
    return new String[] {
      "--keyring", directory.resolve("keyring.pgp").toString(),
      "--kubernetes", "mirror",
      "--kubernetes-mirror", directory.resolve("release").toString()
    };
  }

  private static List<String> differing(
      NavigableMap<String, Sha256> expected, NavigableMap<String, Sha256> actual) {
    List<String> differing = new ArrayList<>();
    NavigableMap<String, Sha256> all = new TreeMap<>(expected);
    all.putAll(actual);
    for (String file : all.keySet()) {
      if (!Objects.equals(expected.get(file), actual.get(file))) {
        differing.add(file);
      }
    }
    return differing;
  }
}
