package io.hardbake.bake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.hardbake.Oracle;
import io.hardbake.fetch.StoreLocation;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two bakes of one lock, as different as two machines can make them, give the same bytes. */
final class ReproducibleBakeIT {
  private static final Path PROJECT = Path.of("").toAbsolutePath();

  @TempDir private Path directory;

  @Test
  void surroundingsLeaveNoTrace() throws Exception {
    Path one = bake("one", "umask 022", "", "--jobs", "1");
    Path other =
        bake(
            "a directory with spaces",
            "umask 077; export TZ=Pacific/Kiritimati LC_ALL=C",
            "-Duser.language=tr -Duser.country=TR -Dfile.encoding=ISO-8859-9",
            "--jobs",
            "5");
    NavigableMap<String, Sha256> expected = digests(one);
    // Two roles: an archive, a disk and two boxes, each with its statement; the boxes' catalog;
    // three manifests and three SBOMs.
    assertEquals(30, expected.size(), expected::toString);
    assertEquals(expected, digests(other));
  }

  /** The comparison sees a difference where there is one, and only there. */
  @Test
  void anEditedTemplateChangesItsRoleAndNoOther() throws Exception {
    Path one = bake("one", "umask 022", "", "--format", "oci,qcow2");
    Path project = Files.createDirectories(directory.resolve("edited project"));
    Oracle.run("cp", "-r", PROJECT + "/images", PROJECT + "/templates", project.toString())
        .succeeded();
    Files.writeString(
        project.resolve("templates/loadbalancer/haproxy.cfg.ftl"),
        "# edited\n",
        StandardOpenOption.APPEND);
    Path other =
        bake("two", "umask 022", "", "--format", "oci,qcow2", "--project", project.toString());
    NavigableMap<String, Sha256> before = digests(one);
    NavigableMap<String, Sha256> after = digests(other);
    for (String file : before.keySet()) {
      if (file.contains("loadbalancer") && !file.startsWith("sbom/")) {
        assertNotEquals(before.get(file), after.get(file), file);
      } else {
        assertEquals(before.get(file), after.get(file), file);
      }
    }
  }

  /** Bakes with a store that knows the inputs but none of what earlier bakes compressed. */
  private Path bake(String name, String shell, String javaOptions, String... arguments)
      throws IOException {
    Path store = directory.resolve("store of " + name);
    Path known = StoreLocation.usual(System.getenv());
    Files.createDirectories(store.resolve("derived"));
    for (String room : new String[] {"sha256", "derived/kubernetes", "derived/pack"}) {
      // Links where the file system can, copies elsewhere; the store only ever adds files.
      String copy = "cp -al '%s/%s' '%s/%s' 2>/dev/null || cp -a '%s/%s' '%s/%s'";
      Oracle.run("sh", "-c", copy.formatted(known, room, store, room, known, room, store, room))
          .succeeded();
    }
    Path output = directory.resolve(name);
    StringBuilder command = new StringBuilder(shell);
    command.append("; exec '").append(PROJECT).append("/hardbake' bake --offline --locked --quiet");
    for (String argument : arguments) {
      command.append(" '").append(argument).append('\'');
    }
    command.append(" --output '").append(output).append('\'');
    Oracle.run(
            List.of("sh", "-c", command.toString()),
            Duration.ofMinutes(10),
            Map.of("HARDBAKE_CACHE", store.toString(), "HARDBAKE_JAVA_OPTS", javaOptions))
        .succeeded();
    return output;
  }

  private static NavigableMap<String, Sha256> digests(Path output) throws IOException {
    NavigableMap<String, Sha256> digests = new TreeMap<>();
    for (String room : new String[] {"images", "disks", "boxes", "manifests", "sbom"}) {
      if (!Files.isDirectory(output.resolve(room))) {
        continue;
      }
      try (Stream<Path> files = Files.list(output.resolve(room))) {
        for (Path file : files.toList()) {
          digests.put(room + "/" + file.getFileName(), Sha256.of(file));
        }
      }
    }
    return digests;
  }
}
