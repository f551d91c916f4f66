package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.Oracle;
import io.hardbake.Surroundings;
import io.hardbake.Surroundings.Dimension;
import io.hardbake.SurroundingsRooms;
import io.hardbake.fetch.StoreLocation;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two bakes of one lock, as different as two machines can make them, give the same bytes. */
final class ReproducibleBakeIT {
  private static final Path PROJECT = Path.of("").toAbsolutePath();
  private static final String EDITED = "templates/loadbalancer/haproxy.cfg.ftl";

  private static final String CHANGED = "/etc/haproxy/haproxy.cfg";
  private static final List<String> COMPARED =
      List.of("images/loadbalancer-amd64.oci.tar", "disks/loadbalancer-amd64.qcow2");
  private static final int DIFFERENT = 5;

  private static final Pattern SHA256 = Pattern.compile("\\b[0-9a-f]{64}\\b");

  private static final NavigableMap<String, String> NONE = Collections.emptyNavigableMap();

  @TempDir private Path directory;
  @AutoClose private SurroundingsRooms rooms;
  private Path inputs;

  @BeforeEach
  void open() throws IOException {
    rooms = SurroundingsRooms.in(directory);
    inputs = Files.createDirectory(directory.resolve("inputs"));
    copyInputs(StoreLocation.usual(System.getenv()));
  }

  @Test
  void surroundingsLeaveNoTraceAndATemplateLeavesItsOwn() throws Exception {
    // Both before the first bake: a link that comes later would break what seals its files.
    Surroundings here = in(Set.of());
    Surroundings elsewhere = in(Set.of(Dimension.values()));
    here.bake().succeeded();
    NavigableMap<String, Sha256> expected = here.outputs();
    elsewhere.bake().succeeded();
    if (!expected.equals(elsewhere.outputs())) {
      fail("not reproducible: " + traces(expected, elsewhere.outputs()));
    }
    here.bake().succeeded();
    assertEquals(expected, here.outputs(), "with a warm store");
    NavigableMap<String, NavigableMap<String, String>> before = manifests(here);
    for (String output : COMPARED) {
      Files.copy(here.output().resolve(output), directory.resolve(name(output)));
    }
    Files.writeString(here.project().resolve(EDITED), "# edited\n", StandardOpenOption.APPEND);
    here.bake().succeeded();
    requireOnlyTheTemplate(expected, here.outputs());
    NavigableMap<String, NavigableMap<String, String>> after = manifests(here);
    for (String manifest : before.keySet()) {
      assertEquals(
          manifest.startsWith("loadbalancer") ? Set.of(CHANGED) : Set.of(),
          changed(before.getOrDefault(manifest, NONE), after.getOrDefault(manifest, NONE)),
          manifest);
    }
    for (String output : COMPARED) {
      assertEquals(
          Set.of(CHANGED), differing(directory.resolve(name(output)), here.output(), output));
    }
  }

  private static String name(String output) {
    return output.substring(output.lastIndexOf('/') + 1);
  }

  /** The paths that {@code hardbake diff} names. */
  private static Set<String> differing(Path before, Path room, String output) throws IOException {
    Oracle.Result said =
        Oracle.run(
            "./hardbake", "diff", "--json", before.toString(), room.resolve(output).toString());
    assertEquals(DIFFERENT, said.exitCode(), said::toString);
    Set<String> paths = new TreeSet<>();
    for (String line : said.stdout().lines().toList()) {
      JsonNode event = new ObjectMapper().readTree(line);
      if (event.path("record").asText().equals("path")) {
        paths.add(event.path("path").asText());
      }
    }
    return paths;
  }

  /** The comparison sees a difference where there is one, and only there. */
  private static void requireOnlyTheTemplate(
      NavigableMap<String, Sha256> before, NavigableMap<String, Sha256> after) {
    assertEquals(before.keySet(), after.keySet());
    for (String file : before.keySet()) {
      // What is in the packages, which an SBOM lists, stays as it was.
      if (file.contains("loadbalancer") && !file.startsWith("sbom/")) {
        assertNotEquals(before.get(file), after.get(file), file);
      } else {
        assertEquals(before.get(file), after.get(file), file);
      }
    }
  }

  /** Which output differs under which dimension, each tried alone; minutes, on failure only. */
  private SortedMap<Dimension, Set<String>> traces(
      NavigableMap<String, Sha256> expected, NavigableMap<String, Sha256> together)
      throws IOException {
    SortedMap<Dimension, Set<String>> traces = new TreeMap<>();
    for (Dimension dimension : Dimension.values()) {
      Surroundings alone = in(Set.of(dimension));
      alone.bake().succeeded();
      Set<String> changed = changed(expected, alone.outputs());
      if (!changed.isEmpty()) {
        traces.put(dimension, changed);
      }
    }
    if (traces.isEmpty()) {
      throw new AssertionError("only together: " + changed(expected, together));
    }
    return traces;
  }

  private static Set<String> changed(NavigableMap<String, ?> one, NavigableMap<String, ?> other) {
    Set<String> changed = new TreeSet<>(one.keySet());
    changed.addAll(other.keySet());
    changed.removeIf(
        key ->
            one.containsKey(key) && other.containsKey(key) && one.get(key).equals(other.get(key)));
    return changed;
  }

  /** Each manifest's lines, by the path that they begin with. */
  private static NavigableMap<String, NavigableMap<String, String>> manifests(Surroundings where)
      throws IOException {
    NavigableMap<String, NavigableMap<String, String>> manifests = new TreeMap<>();
    Path room = where.output().resolve("manifests");
    for (String file : where.outputs().keySet()) {
      if (file.startsWith("manifests/")) {
        NavigableMap<String, String> lines = new TreeMap<>();
        Path manifest = room.resolveSibling(file);
        for (String line : Files.readAllLines(manifest)) {
          lines.put(line.split("[ \t]", 2)[0], line);
        }
        manifests.put(String.valueOf(manifest.getFileName()), lines);
      }
    }
    return manifests;
  }

  /**
   * Copies what the lock needs of a store, and what is made of packages and of Kubernetes alone.
   * Bakes get links to the copies, but never to the store itself: a link changes when a file was
   * changed last, by which the store knows it, and everything would be hashed again.
   */
  private void copyInputs(Path store) throws IOException {
    Set<String> digests = new TreeSet<>();
    String lock = Files.readString(PROJECT.resolve("images/hardbake.lock"));
    SHA256.matcher(lock).results().forEach(found -> digests.add(found.group()));
    for (String room : List.of("derived/kubernetes", "derived/pack")) {
      for (Path reference : files(store.resolve(room))) {
        copy(store, store.relativize(reference));
        digests.add(Files.readString(reference).strip());
      }
    }
    for (String digest : digests) {
      Path file = Path.of("sha256", digest.substring(0, 2), digest);
      if (Files.exists(store.resolve(file))) {
        copy(store, file);
      }
    }
  }

  private void copy(Path store, Path file) throws IOException {
    Files.createDirectories(inputs.resolve(file).getParent());
    Files.copy(store.resolve(file), inputs.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static List<Path> files(Path room) throws IOException {
    try (Stream<Path> files = Files.walk(room)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** With a store that knows the inputs but none of what earlier bakes compressed. */
  private Surroundings in(Set<Dimension> varied) throws IOException {
    Surroundings made = rooms.make(PROJECT, varied);
    for (Path file : files(inputs)) {
      Path link = made.store().resolve(inputs.relativize(file));
      Files.createDirectories(link.getParent());
      Files.createLink(link, file);
    }
    return made;
  }
}
