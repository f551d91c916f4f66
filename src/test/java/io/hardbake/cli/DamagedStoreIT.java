package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.fetch.Store;
import io.hardbake.io.NativeZstd;
import io.hardbake.io.Removal;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that was damaged behind hardbake's back, file by file, in every way for every kind of
 * file. What is damaged is never used: the results stay the same, or a bake without network says
 * what is missing.
 */
@Timeout(300)
final class DamagedStoreIT {
  private static final int MISSING_OFFLINE = 4;
  private static final int DAMAGED = 5;
  private static final int AT_LEAST = 50;

  @TempDir private Path directory;

  private enum Damage {
    BIT_FLIPPED,
    TRUNCATED,
    EMPTIED,
    GARBAGE,
    APPENDED,
    DIRECTORY,
    REMOVED;

    void strike(Path file, Random random) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      Removal.of(file);
      switch (this) {
        case BIT_FLIPPED -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        case TRUNCATED -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        case EMPTIED -> bytes = new byte[0];
        case GARBAGE -> random.nextBytes(bytes);
        case APPENDED -> bytes = Arrays.copyOf(bytes, bytes.length + 1);
        case DIRECTORY -> {
          Files.createDirectories(file);
          file = file.resolve("inside");
        }
        case REMOVED -> {
          return;
        }
      }
      Files.write(file, bytes);
    }
  }

  @Test
  void whatIsDamagedIsNeverUsed() throws Exception {
    NativeZstd.load(); // Else its file of the store were made by the first bake, and by no other.
    Random random = new Random(5);
    Outcomes outcomes = new Outcomes();
    try (TestProject project = TestProject.withMachines(directory)) {
      project.run("bake").succeeded();
      NavigableMap<String, Sha256> whole = project.results();
      for (String kind : kinds(project).keySet()) {
        for (Damage damage : Damage.values()) {
          List<Path> files = kinds(project).getOrDefault(kind, List.of());
          Path file = files.get(random.nextInt(files.size()));
          damage.strike(file, random);
          String when = damage + " of " + kind + " " + file;
          outcomes.add(bakeOffline(project, whole, when), 1);
          project.run("bake").succeeded();
          assertEquals(whole, project.results(), when);
          removeUnused(project, file, when);
          assertEquals(List.of(), project.leftovers(), when);
        }
      }
    }
    outcomes.print("damaged store files");
    assertTrue(outcomes.total() >= AT_LEAST, outcomes::toString);
    assertTrue(outcomes.counts().size() > 1, outcomes::toString);
  }

  private static String bakeOffline(
      TestProject project, NavigableMap<String, Sha256> whole, String when) throws Exception {
    TestProject.Outcome offline = bakeAnew(project, "--offline");
    if (offline.code() == 0) {
      assertEquals(whole, project.results(), when);
      return "not used: made again without network, results equal";
    }
    offline.failed(MISSING_OFFLINE).says("not in the store", "offline");
    assertEquals(new TreeMap<>(), project.results(), when);
    return "not used: offline exit 4 names it, online fetched again, results equal";
  }

  /** Bakes with nothing but the store to take results from. */
  private static TestProject.Outcome bakeAnew(TestProject project, String... further) {
    Oracle.run("rm", "-rf", project.target().toString()).succeeded();
    return project.run("bake", further);
  }

  /**
   * A bake that has a lock does not read the indexes, and a library is loaded once: there the
   * damage is found by who looks for it, in that file alone.
   */
  private static void removeUnused(TestProject project, Path damaged, String when) {
    TestProject.Outcome first = project.runAsIs(List.of("cache", "verify"));
    if (first.code() != 0) {
      String name = damaged.getFileName().toString();
      first.failed(DAMAGED).says("damaged and removed: " + name + "\n");
      System.out.println("not read by a bake: " + when);
      project.runAsIs(List.of("cache", "verify")).succeeded();
    }
  }

  /** The store's files by what they are: downloads, each kind of result, references, seals. */
  private static SortedMap<String, List<Path>> kinds(TestProject project) throws IOException {
    SortedMap<String, List<Path>> kinds = new TreeMap<>();
    SortedMap<String, String> results = new TreeMap<>();
    Path store = project.cache();
    for (String reference : TestProject.digests(store.resolve("derived"), n -> true).keySet()) {
      Path file = store.resolve("derived").resolve(reference);
      results.put(Files.readString(file).strip(), reference.substring(0, reference.indexOf('/')));
      kinds.computeIfAbsent("reference", kind -> new ArrayList<>()).add(file);
    }
    for (String name : TestProject.digests(store.resolve("sha256"), n -> true).keySet()) {
      Path file = store.resolve("sha256").resolve(name);
      String kind =
          name.endsWith(".seal")
              ? "seal"
              : results.getOrDefault(file.getFileName().toString(), "download");
      if (Files.size(file) > 0) {
        kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(file);
      }
    }
    return kinds;
  }

  /**
   * The negative control: under a seal that fits, damage is not noticed, and gets into the results
   * or ends the bake. So the other test would see it if the store gave out what is damaged.
   */
  @Test
  void damageUnderAFittingSealIsUsed() throws Exception {
    Random random = new Random(1);
    try (TestProject project = TestProject.withMachines(directory)) {
      project.run("bake").succeeded();
      NavigableMap<String, Sha256> whole = project.results();
      for (String kind : List.of("clusters", "layer", "sbom")) {
        Path file = Objects.requireNonNull(kinds(project).get(kind), kind).get(0);
        Damage.BIT_FLIPPED.strike(file, random);
        seal(file);
        String when = kind + " " + file;
        TestProject.Outcome offline = bakeAnew(project, "--offline");
        if (offline.code() != 0) {
          offline.failed(DAMAGED); // What was read had a checksum of its own.
        }
        assertNotEquals(whole, project.results(), when);
        project
            .runAsIs(List.of("cache", "verify"))
            .failed(DAMAGED)
            .says("damaged and removed: " + file.getFileName() + "\n");
        bakeAnew(project).succeeded();
        assertEquals(whole, project.results(), when);
      }
    }
  }

  /** Seals a file as it is, as the store does with one that it has hashed. */
  private static void seal(Path file) throws IOException {
    Path seal = file.resolveSibling(file.getFileName() + ".seal");
    Files.writeString(seal, Store.sealOf(file).orElseThrow());
  }
}
