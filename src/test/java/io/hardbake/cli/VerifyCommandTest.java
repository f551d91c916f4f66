package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hardbake.hygiene.Rule;
import io.hardbake.verify.Check;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bake wrote is sound; one changed bit, and it is not. */
final class VerifyCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  @AutoClose private TestProject project;

  @BeforeEach
  void bake() throws Exception {
    project = TestProject.in(directory);
    project.run("bake").succeeded();
  }

  @Test
  void allThatABakeWritesIsSound() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("verify"));
    for (Path file : project.outputs()) {
      arguments.add(file.toString());
    }
    arguments.add(project.lock().toString());
    TestProject.Outcome outcome = project.runAsIs(arguments).succeeded();
    assertEquals(arguments.size() - 1, outcome.out().lines().count(), outcome::toString);
    assertTrue(
        outcome.out().lines().allMatch(line -> line.contains(": sound: ")), outcome::toString);
    assertTrue(
        outcome.out().contains(Rule.values().length + " rules, 2 records of its digest"),
        outcome::toString);
    assertFalse(outcome.out().contains("not checked: manifest"), outcome::toString);
    assertFalse(outcome.out().contains("not checked: SBOM"), outcome::toString);
    assertEquals(
        "", project.verify("--quiet", project.image("controller").toString()).succeeded().out());
  }

  /** Without neighbours: what the file itself does not protect would go unseen. */
  @Test
  void noBitOfAnArchiveGoesUnchecked() throws Exception {
    Path alone = Files.createDirectory(directory.resolve("alone")).resolve("image.oci.tar");
    byte[] whole = Files.readAllBytes(project.image("controller"));
    Files.write(alone, whole);
    TestProject.Outcome sound = project.verify(alone.toString()).succeeded();
    assertTrue(sound.out().contains("not checked: manifest and provenance"), sound::toString);
    // The headers, documents and paddings at both ends, and all between them.
    Random random = new Random(5);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      places.add(random.nextInt(whole.length));
      places.add(random.nextInt(Math.min(whole.length, 4096)));
      places.add(whole.length - 1 - random.nextInt(Math.min(whole.length, 8192)));
    }
    List<String> unseen = new ArrayList<>();
    for (int place : places) {
      byte[] damaged = whole.clone();
      damaged[place] ^= (byte) (1 << random.nextInt(8));
      Files.write(alone, damaged);
      TestProject.Outcome outcome = project.verify(alone.toString());
      if (outcome.code() == 0) {
        unseen.add(place + " of " + whole.length);
      } else {
        refused(outcome);
      }
    }
    assertEquals(List.of(), unseen);
  }

  /** Manifests and SBOMs are text: what protects them is what bake.json says of them. */
  @Test
  void aBitOfADocumentIsSeenByItsNeighbours() throws Exception {
    Random random = new Random(6);
    for (Path file : project.outputs()) {
      if (file.endsWith("bake.json")) {
        continue;
      }
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < 4; i++) {
        byte[] damaged = whole.clone();
        damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, damaged);
        TestProject.Outcome outcome = project.verify(file.toString());
        refused(outcome);
        assertTrue(outcome.out().contains("V08 " + file.getFileName()), outcome::toString);
      }
      Files.write(file, whole);
      project.verify(file.toString()).succeeded();
    }
  }

  /** bake.json is a report, and by itself nobody's word: its seconds and remarks are free. */
  @Test
  void theReportNamesTheFilesThatDiffer() throws Exception {
    Path report = project.target().resolve("bake.json");
    project.verify(report.toString()).succeeded();
    Path manifest = project.target().resolve("manifests/controller-amd64.txt");
    Files.writeString(manifest, Files.readString(manifest).replace(" 0755 ", " 0757 "));
    TestProject.Outcome outcome = project.verify(report.toString()).failed(5);
    assertTrue(
        outcome.out().startsWith("V08 controller-amd64.txt: SHA-256 is "), outcome::toString);
    Files.delete(project.image("controller"));
    outcome = project.verify(report.toString()).failed(5);
    assertTrue(
        outcome.out().contains("V08 controller-amd64.oci.tar: is missing beside bake.json"),
        outcome::toString);
  }

  /** It has the form of a report, and says nothing that could be held against anything. */
  @ParameterizedTest
  @ValueSource(strings = {"[]", "{\"dns\": 1}", "\"x\"", "null", "[{}]", "[{\"artifacts\": 1}]"})
  void aReportThatNamesNoFileIsNotSound(String roles) throws Exception {
    Path report = project.target().resolve("bake.json");
    ObjectNode root = (ObjectNode) JSON.readTree(report.toFile());
    JSON.writeValue(report.toFile(), root.set("roles", JSON.readTree(roles)));
    project.verify(report.toString()).failed(5).shows("V09 roles: names no file\n");
  }

  @Test
  void aReportWhoseKubernetesIsNoListIsNotSound() throws Exception {
    Path report = project.target().resolve("bake.json");
    ObjectNode root = (ObjectNode) JSON.readTree(report.toFile());
    root.putNull("kubernetes");
    JSON.writeValue(report.toFile(), root);
    project.verify(report.toString()).failed(5).shows("V09 kubernetes: is no list");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0", "image\0", "im\nage", "im\u0085age", "image\ud800"})
  void aNameThatNoFileHasIsNotSound(String name) throws Exception {
    Path report = project.target().resolve("bake.json");
    ObjectNode root = (ObjectNode) JSON.readTree(report.toFile());
    ((ObjectNode) root.at("/roles/0/artifacts/0")).put("file", name);
    JSON.writeValue(report.toFile(), root);
    project.verify(report.toString()).failed(5).shows("is no name of a file beside this one\n");
    Path catalog = directory.resolve("catalog.json");
    root = JSON.createObjectNode().put("name", "a box");
    ObjectNode version = root.putArray("versions").addObject().put("version", "1.2.3");
    version.putArray("providers").addObject().put("url", name);
    JSON.writeValue(catalog.toFile(), root);
    project.verify(catalog.toString()).failed(5).shows("is no name of a file beside this one\n");
    Path statement = project.target().resolve("images/controller-amd64.oci.tar.intoto.json");
    root = (ObjectNode) JSON.readTree(statement.toFile());
    ((ObjectNode) root.at("/subject/0")).put("name", name);
    JSON.writeValue(statement.toFile(), root);
    project.verify(statement.toString()).failed(5).shows("is no name of a file beside this one\n");
  }

  @Test
  void noFileWritesToATerminal() throws Exception {
    String title = "\033]0;a title\007";
    Path report = project.target().resolve("bake.json");
    ObjectNode root = (ObjectNode) JSON.readTree(report.toFile());
    ((ObjectNode) root.at("/roles/0/artifacts/0")).put("file", title);
    JSON.writeValue(report.toFile(), root);
    Path catalog = directory.resolve("catalog.json");
    root = JSON.createObjectNode().put("name", "a box");
    root.putArray("versions").addObject().put("version", title);
    JSON.writeValue(catalog.toFile(), root);
    TestProject.Outcome outcome =
        project
            .verify(report.toString(), catalog.toString())
            .failed(5)
            .shows("V09 \\033]0;a title\\007: is no name of a file beside this one\n")
            .shows("V09 version: is not three numbers: \\033]0;a title\\007\n");
    assertFalse(outcome.out().contains("\033"), outcome::toString);
  }

  @Test
  void whatDiffersFromTheManifestIsNamed() throws Exception {
    Path manifest = directory.resolve("mine.txt");
    String text =
        Files.readString(project.target().resolve("manifests/controller-amd64.txt"))
            .replaceFirst("(/usr/bin/web file )0644", "$10755")
            .replaceFirst("/etc/web.conf .*\n", "");
    Files.writeString(manifest, text);
    TestProject.Outcome outcome =
        project
            .verify("--manifest", manifest.toString(), project.image("controller").toString())
            .failed(5);
    assertTrue(
        outcome.out().contains("V06 /usr/bin/web: mode is 0644, and 0755 in the manifest\n"),
        outcome::toString);
    assertTrue(
        outcome.out().contains("V06 /etc/web.conf: is there, and not in the manifest\n"),
        outcome::toString);
    outcome.says("2 findings in " + project.image("controller"));
  }

  @Test
  void whatDiffersFromTheSbomIsNamed() throws Exception {
    Path sbom = directory.resolve("mine.cdx.json");
    String text = Files.readString(project.target().resolve("sbom/controller-amd64.cdx.json"));
    Files.writeString(sbom, text.replace("\"1.0\"", "\"1.1\"").replace("web@1.0", "web@1.1"));
    TestProject.Outcome outcome =
        project.verify("--sbom", sbom.toString(), project.image("controller").toString()).failed(5);
    assertTrue(
        outcome.out().contains("V07 web: version is 1.0, and 1.1 in the SBOM\n"),
        outcome::toString);
    project
        .verify(
            "--sbom",
            project.target().resolve("sbom/loadbalancer-amd64.cdx.json").toString(),
            project.image("controller").toString())
        .failed(5);
  }

  @Test
  void aBrokenRuleIsNamedAndAllowedByItsLine() throws Exception {
    project.recipe(
        "loadbalancer",
        """
        from: base
        description: balances, and breaks rules
        packages: [balancer]
        files:
          - path: /root/.bash_history
            content: "ls\\n"
          - path: /usr/local/bin/become
            mode: "4755"
            content: "#!/bin/sh\\n"
        """);
    project.run("bake", "loadbalancer").succeeded();
    String image = project.image("loadbalancer").toString();
    TestProject.Outcome outcome = project.verify(image).failed(5);
    assertTrue(
        outcome.out().startsWith("H09 /root/.bash_history: what somebody typed\n  remedy: "),
        outcome::toString);
    assertTrue(
        outcome.out().contains("H15 /usr/local/bin/become: is 4755 root:root\n"),
        outcome::toString);
    Path list = directory.resolve("allowed.txt");
    Files.writeString(list, "setuid /usr/local/bin/become 4755 root:root -\n");
    outcome = project.verify("--allow", list.toString(), image).failed(5);
    assertFalse(outcome.out().contains("H15"), outcome::toString);
    Files.writeString(list, "setuid /usr/local/bin/become\n");
    project.verify("--allow", list.toString(), image).failed(3).says("allowed.txt:1: ");
    Files.writeString(list, "changed /opt/clé REASON\n", StandardCharsets.ISO_8859_1);
    project.verify("--allow", list.toString(), image).failed(3).says("allowed.txt is not UTF-8");
  }

  /** Removed by a later layer, a key is still in the file. */
  @Test
  void aKeyThatALayerHidesIsFound() throws Exception {
    String key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0B".repeat(4) + "\n";
    project
        .archive()
        .add("Package: leaky\nVersion: 1.0\n", Map.of("/etc/leaky.pem", key, "/etc/kept", "1"));
    project.publish();
    project.recipe(
        "loadbalancer",
        """
        from: base
        description: balances, and hides a key
        packages: [balancer, leaky]
        remove: [/etc/leaky.pem]
        """);
    project.run("bake", "loadbalancer").succeeded();
    Path image = project.image("loadbalancer");
    TestProject.Outcome outcome = project.verify(image.toString()).failed(5);
    assertTrue(
        outcome
            .out()
            .startsWith(
                "H05 /etc/leaky.pem: holds a private key (in layer packages:loadbalancer)\n"),
        outcome::toString);
    outcome.says("1 finding in ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage that begins like nothing", "{}", "{\"a\": ", "/", "/x y\n"})
  void whatIsNoOutputIsRefused(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("file"), text);
    refused(project.verify(file.toString()));
  }

  @Test
  void jsonThatIsNoOutputIsAMisuseUnlessARecordNamesIt() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "{}");
    project
        .verify(file.toString())
        .failed(2)
        .says("file is no output of hardbake", "name an image");
    Path sbom = project.target().resolve("sbom/controller-amd64.cdx.json");
    Files.writeString(sbom, "{}");
    project.verify(sbom.toString()).failed(5).shows("V08 " + sbom.getFileName(), "V01 ");
    project.verify(Files.writeString(directory.resolve("empty"), "").toString()).failed(5);
  }

  @Test
  void wrongCommandLinesAreRefused() throws Exception {
    project.verify().failed(2).says("no file is named");
    project.verify(directory.resolve("none").toString()).failed(2).says("there is no ");
    project.verify(directory.toString()).failed(2).says(directory + " is a directory");
    project.verify("--jobs", "0", project.image("controller").toString()).failed(2);
    project
        .verify(
            "--sbom",
            "x",
            project.image("controller").toString(),
            project.image("controller").toString())
        .failed(2);
  }

  /** Nor is the image to blame then, which is not read at all. */
  @ParameterizedTest
  @ValueSource(strings = {"--allow", "--manifest", "--sbom"})
  void whatIsNoFileIsNotCompared(String option) throws Exception {
    String image = project.image("controller").toString();
    String remedy = "correct the path behind " + option;
    Path none = directory.resolve("none");
    project.verify(option, none.toString(), image).failed(2).says("there is no " + none, remedy);
    project
        .verify(option, directory.toString(), image)
        .failed(2)
        .says(directory + " is a directory", remedy);
  }

  @Test
  void machinesAreToldTheSame() throws Exception {
    Path file = project.target().resolve("manifests/controller-amd64.txt");
    Files.writeString(file, Files.readString(file) + "/a directory 0755 0:0 - - - recipe:base\n");
    TestProject.Outcome outcome = project.verify("--json", file.toString());
    assertEquals(5, outcome.code(), outcome::toString);
    List<String> rules = new ArrayList<>();
    for (String line : outcome.out().lines().toList()) {
      JsonNode node = JSON.readTree(line);
      if (node.has("rule")) {
        rules.add(node.get("rule").asText());
        assertFalse(node.get("remedy").asText().isEmpty(), line);
      } else if (node.has("findings")) {
        assertEquals(rules.size(), node.get("findings").asInt(), line);
      }
    }
    assertEquals(List.of("V08", "V08", "V09"), rules);
  }

  /** The table in docs/verify.md is the code's. */
  @Test
  void theRulesAreListedAndDocumented() throws Exception {
    String listed = project.verify("--rules").succeeded().out();
    String documented = Files.readString(Path.of("docs/verify.md"));
    List<String> rows = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      assertTrue(listed.contains("%s %s: %s\n".formatted(rule, rule.title(), rule.reason())));
      rows.add(row(rule.name(), rule.title(), rule.reason(), rule.remedy()));
    }
    for (Check check : Check.values()) {
      assertTrue(listed.contains("%s %s: %s\n".formatted(check, check.title(), check.reason())));
      rows.add(row(check.name(), check.title(), check.reason(), check.remedy()));
    }
    assertEquals(rows, documented.lines().filter(line -> line.matches("\\| [HV][0-9].*")).toList());
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  /** Ended as a failure of the file, not of ours. */
  private static void refused(TestProject.Outcome outcome) {
    outcome.failed(outcome.code() == 2 ? 2 : 5);
  }
}
