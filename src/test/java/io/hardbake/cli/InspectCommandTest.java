package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.cli.TestProject.Outcome;
import io.hardbake.io.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect} and {@code diff} on what a small project bakes. */
@Timeout(60)
final class InspectCommandTest {
  @TempDir private Path directory;
  @AutoClose private TestProject project;

  @BeforeEach
  void bake() throws Exception {
    project = TestProject.in(directory);
    project.run("bake").succeeded();
  }

  @Test
  void inspectShowsWhatWasBaked() throws Exception {
    Outcome shown = run("inspect", image("controller"));
    shown.succeeded();
    for (String words :
        List.of(
            ": oci, ",
            "sha256:" + Sha256.of(Path.of(image("controller"))),
            "config.stop-signal ",
            "kubernetes:v1.18.6",
            "packages:base",
            "/etc/web.conf",
            "package:web=1.0")) {
      assertTrue(shown.out().contains(words), () -> words + " is not in: " + shown);
    }
    Outcome packages = run("inspect", image("controller"), "--packages").succeeded();
    assertEquals(List.of("base-files", "libshared", "web"), firstWords(packages));
    Outcome layers = run("inspect", image("controller"), "--layers").succeeded();
    assertTrue(layers.out().contains("  + /usr/bin/web\n"), layers::toString);
  }

  private static List<String> firstWords(Outcome outcome) {
    return outcome.out().lines().map(line -> line.strip().replaceFirst(" .*", "")).toList();
  }

  @Test
  void inspectKnowsAllOfAPathAndWhatIsNearOne() {
    Outcome web = run("inspect", image("controller"), "--path", "/usr/bin/web").succeeded();
    for (String words : List.of("type", "file", "0644", "package:web=1.0", "packages:controller")) {
      assertTrue(web.out().contains(words), () -> words + " is not in: " + web);
    }
    run("inspect", image("controller"), "--path", "/usr/bin/wbe")
        .failed(2)
        .says("there is no /usr/bin/wbe", "did you mean web? /usr/bin is there");
    run("inspect", image("controller"), "--path", "usr/bin").failed(2);
  }

  @Test
  void inspectSpeaksJson() throws Exception {
    List<JsonNode> records = json(run("inspect", image("controller"), "--json").succeeded());
    JsonNode artifact = records.get(0);
    assertEquals("artifact", artifact.get("record").asText());
    assertEquals("oci", artifact.get("kind").asText());
    assertEquals(Files.size(Path.of(image("controller"))), artifact.get("size").asLong());
    assertTrue(
        records.stream()
            .anyMatch(
                each ->
                    each.path("record").asText().equals("layer")
                        && each.path("name").asText().equals("kubernetes")));
  }

  @Test
  void inspectSaysWhatIsDamaged() throws Exception {
    Path archive = Path.of(image("controller"));
    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length + 100));
    Files.write(archive, new byte[] {1}, StandardOpenOption.APPEND);
    Outcome shown = run("inspect", archive.toString());
    shown.failed(5).says("is not as it was baked: 1 finding");
    assertTrue(shown.out().contains("damage: tar the archive: trailing bytes"), shown::toString);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    run("inspect", archive.toString()).failed(5).says(archive.toString());
    Files.write(archive, new byte[0]);
    run("inspect", archive.toString()).failed(2).says("it is empty");
    run("inspect", archive + ".not").failed(2).says("there is no ");
    run("diff", archive + ".not", archive.toString()).failed(2).says("there is no ");
  }

  @Test
  void inspectRefusesAManifestThatIsNone() throws Exception {
    Path none = directory.resolve("none");
    Path other = Files.writeString(directory.resolve("other"), "/ directory\n");
    String remedy = "correct the path behind --manifest";
    manifest(none).says("there is no " + none, remedy);
    manifest(directory).says(directory + " is a directory", remedy);
    manifest(other).says(other + " is no manifest: line 1 of the manifest: not eight fields");
  }

  /** What {@code inspect} says to one that it has to refuse. */
  private Outcome manifest(Path file) {
    return run("inspect", image("controller"), "--manifest", file.toString()).failed(2);
  }

  @Test
  void diffNamesWhatSeparatesTwoRoles() throws Exception {
    Outcome differ = run("diff", image("controller"), image("loadbalancer"));
    assertEquals(5, differ.code());
    for (String words :
        List.of(
            "  +  balancer:amd64  1.0\n",
            "  -  web:amd64       1.0\n",
            "  - /etc/web.conf  file 0644 0:0, 8 bytes\n",
            "  + /usr/bin/balancer  file 0644 0:0, 8 bytes\n",
            "  ~ /var/lib/dpkg/status\n",
            "      -Package: web\n",
            "      -Installed-Size: 2048\n")) {
      assertTrue(differ.out().contains(words), () -> words + " is not in: " + differ);
    }
    Outcome quiet = run("diff", "--quiet", image("controller"), image("loadbalancer"));
    assertEquals(5, quiet.code());
    assertEquals(1, quiet.out().lines().count(), quiet::toString);
    List<JsonNode> records =
        json(run("diff", "--json", image("controller"), image("loadbalancer")));
    assertTrue(
        records.stream()
            .anyMatch(
                each ->
                    each.path("path").asText().equals("/etc/web.conf")
                        && each.path("change").asText().equals("removed")
                        && each.at("/attributes/mode/before").asText().equals("0644")));
  }

  @Test
  void diffNamesExactlyTheFileThatARecipeChanged() throws Exception {
    Path before = Files.copy(Path.of(image("loadbalancer")), directory.resolve("before.oci.tar"));
    String recipe =
        """
        from: base
        description: balances
        packages: [balancer]
        files:
          - {path: /etc/motd, content: "%s\\n"}
        """;
    project.recipe("loadbalancer", recipe.formatted("hello"));
    project.run("bake", "loadbalancer").succeeded();
    assertEquals(0, run("diff", image("loadbalancer"), image("loadbalancer")).code());
    Path hello = Files.copy(Path.of(image("loadbalancer")), directory.resolve("hello.oci.tar"));
    assertEquals(List.of("added /etc/motd"), paths(before, hello));
    project.recipe("loadbalancer", recipe.formatted("world"));
    project.run("bake", "loadbalancer").succeeded();
    assertEquals(List.of("changed /etc/motd"), paths(hello, Path.of(image("loadbalancer"))));
    Path manifest = project.target().resolve("manifests/loadbalancer-amd64.txt");
    assertEquals(List.of("changed /etc/motd"), paths(hello, manifest));
    assertEquals(0, run("diff", image("loadbalancer"), manifest.toString()).code());
    run("diff", manifest.toString(), project.target().resolve("bake.json").toString()).failed(2);
  }

  private List<String> paths(Path before, Path after) throws Exception {
    List<String> paths = new ArrayList<>();
    for (JsonNode each : json(run("diff", "--json", before.toString(), after.toString()))) {
      if (each.path("record").asText().equals("path")) {
        paths.add(each.get("change").asText() + " " + each.get("path").asText());
      }
    }
    return paths;
  }

  /** The records of the result, without begins and ends. */
  private static List<JsonNode> json(Outcome outcome) throws Exception {
    List<JsonNode> records = new ArrayList<>();
    for (String line : outcome.out().lines().toList()) {
      JsonNode each = new ObjectMapper().readTree(line);
      if (each.get("event").asText().equals("result")) {
        records.add(each);
      }
    }
    assertFalse(records.isEmpty());
    return records;
  }

  private String image(String role) {
    return project.target().resolve("images").resolve(role + "-amd64.oci.tar").toString();
  }

  private Outcome run(String... arguments) {
    return project.runAsIs(List.of(arguments));
  }
}
