package io.hardbake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SBOMs of what was baked, held against the baked things themselves by other tools. */
final class SbomIT {
  private static final Path TARGET = Path.of("target");

  @TempDir private Path directory;

  /** dpkg reads its database out of the archive's own layers. */
  @ParameterizedTest
  @ValueSource(strings = {"controller", "loadbalancer"})
  void listsWhatDpkgLists(String role) throws Exception {
    Oracle.require("dpkg-query", "jq", "tar");
    String installed = dpkgList(TARGET.resolve("images/" + role + "-amd64.oci.tar"));
    assertTrue(installed.lines().count() > 100, installed);
    String query =
        ".components[] | select(.purl // \"\" | startswith(\"pkg:deb/\"))"
            + " | .name + \" \" + .version + \" \""
            + " + (.purl | capture(\"arch=(?<a>[a-z0-9]+)\").a) + \" \""
            + " + (.properties[] | select(.name == \"hardbake:state\").value)";
    Path sbom = sbom(role + "-amd64");
    assertEquals(installed, sorted(jq(query, sbom)));
    // Negative control: one package less is seen.
    Path less = directory.resolve("less.json");
    Files.writeString(less, jq("del(.components[5])", sbom));
    assertNotEquals(installed, sorted(jq(query, less)));
  }

  @Test
  void kubernetesProgramsAreTheOnesThatTheManifestHas() throws Exception {
    Oracle.require("jq");
    List<String> programs =
        jq(
                ".components[] | select(.purl // \"\" | startswith(\"pkg:golang/\"))"
                    + " | .name + \" sha256:\" + .hashes[0].content",
                sbom("controller-amd64"))
            .lines()
            .toList();
    assertEquals(4, programs.size(), programs::toString);
    String manifest = Files.readString(TARGET.resolve("manifests/controller-amd64.txt"));
    for (String program : programs) {
      String[] words = program.split(" ", 2);
      assertTrue(
          manifest
              .lines()
              .anyMatch(
                  line ->
                      line.startsWith("/usr/local/bin/" + words[0] + " ")
                          && line.contains(words[1])),
          program);
    }
  }

  /** What only disks have is in their SBOMs, and says so. */
  @Test
  void disksHaveAKernelAndBootLoadersBesides() throws Exception {
    Oracle.require("jq");
    String query =
        ".components[] | select(.properties // [] | any(.name == \"hardbake:formats\" and"
            + " (.value | contains(\"oci\") | not))) | .name + \" \""
            + " + (.properties[] | select(.name == \"hardbake:state\").value)";
    for (String kind : List.of("disk", "box")) {
      String only = jq(query, sbom("loadbalancer-amd64-" + kind));
      assertTrue(only.contains("grub-pc-bin embedded\n"), only);
      assertTrue(only.contains("shim-signed embedded\n"), only);
      assertTrue(only.contains("linux-image-cloud-amd64 installed\n"), only);
    }
    assertEquals("", jq(query, sbom("loadbalancer-amd64")));
  }

  @Test
  void cycloneDxAcceptsAllOfThem() throws Exception {
    int checked = 0;
    try (Stream<Path> all = Files.list(TARGET.resolve("sbom"))) {
      for (Path file : all.sorted().toList()) {
        assertEquals(
            List.of(),
            new JsonParser().validate(Files.readString(file), Version.VERSION_16),
            file::toString);
        checked++;
      }
    }
    assertTrue(checked >= 6, () -> "target/sbom has not all that a bake writes");
  }

  private static Path sbom(String stem) {
    return TARGET.resolve("sbom/" + stem + ".cdx.json");
  }

  private static String jq(String query, Path file) {
    return Oracle.run("jq", "-r", query, file.toString()).succeeded().stdout();
  }

  private static String sorted(String lines) {
    return String.join("\n", lines.lines().sorted().toList());
  }

  /** Name, version, architecture and state of every package in the archive's dpkg database. */
  private String dpkgList(Path archive) throws IOException {
    Path database = Files.createDirectories(directory.resolve("dpkg"));
    Files.createDirectories(database.resolve("info"));
    Files.createDirectories(database.resolve("updates"));
    String topmost =
        """
        tar -xOf "$1" manifest.json | jq -r '.[0].Layers[]' | while read -r layer; do
          tar -xOf "$1" "$layer" | tar -xzOf - var/lib/dpkg/status > "$2/new" 2>/dev/null
          if [ -s "$2/new" ]; then mv "$2/new" "$2/status"; fi
        done
        """;
    Oracle.run("sh", "-c", topmost, "sh", archive.toString(), database.toString()).succeeded();
    String format = "${Package} ${Version} ${Architecture} ${db:Status-Status}\\n";
    return sorted(
        Oracle.run(
                List.of("dpkg-query", "--admindir=" + database, "--show", "--showformat=" + format),
                java.time.Duration.ofMinutes(1),
                Map.of("LC_ALL", "C"))
            .succeeded()
            .stdout());
  }
}
