package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way from recipes to files, when all goes well. */
@Timeout(60)
final class BakeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;
  @AutoClose private TestProject project;

  @BeforeEach
  void make() throws Exception {
    project = TestProject.in(directory);
  }

  @Test
  void aBakeWritesArchivesManifestsAndAReport() throws Exception {
    project.run("bake").succeeded().says("there is no lock ", ": resolving anew");
    assertEquals(
        Set.of(
            "bake.json",
            "images/controller-amd64.oci.tar",
            "images/controller-amd64.oci.tar.intoto.json",
            "images/loadbalancer-amd64.oci.tar",
            "images/loadbalancer-amd64.oci.tar.intoto.json",
            "manifests/controller-amd64.txt",
            "manifests/loadbalancer-amd64.txt",
            "sbom/controller-amd64.cdx.json",
            "sbom/loadbalancer-amd64.cdx.json"),
        TestProject.digests(project.target(), name -> true).keySet());
    assertTrue(manifest("controller").contains("/usr/bin/web"));
    assertTrue(manifest("controller").contains("/usr/local/bin/kube-apiserver"));
    assertFalse(manifest("loadbalancer").contains("/usr/local/bin/kube-apiserver"));
    assertTrue(manifest("loadbalancer").contains("/usr/bin/balancer"));
    JsonNode report = JSON.readTree(project.target().resolve("bake.json").toFile());
    assertEquals(2, report.get("roles").size());
    for (JsonNode role : report.get("roles")) {
      JsonNode artifact = role.get("artifacts").get(0);
      Path file = project.target().resolve("images").resolve(artifact.get("file").asText());
      assertEquals(Files.size(file), artifact.get("size").asLong());
      assertEquals(Sha256.of(file).hex(), artifact.get("sha256").asText());
    }
    assertEquals(List.of(), project.outside());
  }

  @Test
  void theSbomListsWhatIsInAndNothingElse() throws Exception {
    project.addStubborn();
    project.recipe("loadbalancer", "from: base\ndescription: odd\npackages: [stubborn]\n");
    project.run("bake").succeeded();
    assertEquals(
        List.of("debian", "base-files", "libshared", "web", "kube-apiserver", "kubectl"),
        components("controller", "name"));
    assertEquals(
        List.of("debian", "base-files", "libshared", "stubborn"),
        components("loadbalancer", "name"));
    Path sbom = project.target().resolve("sbom/loadbalancer-amd64.cdx.json");
    String text = Files.readString(sbom);
    assertTrue(text.contains("\"unpacked\""), text);
    JsonNode report = JSON.readTree(project.target().resolve("bake.json").toFile());
    JsonNode listed = report.at("/roles/1/documents/1");
    assertEquals("loadbalancer-amd64.cdx.json", listed.get("file").asText());
    assertEquals(Sha256.of(sbom).hex(), listed.get("sha256").asText());
    assertEquals(
        "pool/main/web/web_1.0_amd64.deb",
        JSON.readTree(project.target().resolve("sbom/controller-amd64.cdx.json").toFile())
            .at("/components/3/properties/1/value")
            .asText());
  }

  /** One mirror may serve both archives, so that its address does not tell which has a file. */
  @Test
  void whatKubernetesIsCompiledOfIsLockedByItsArchive() throws Exception {
    project.addKubernetesSource();
    project.run("lock").succeeded();
    JsonNode source = JSON.readTree(project.lock().toFile()).at("/kubernetes/debian-source");
    assertEquals("1.20.2-1", source.get("version").asText());
    List<JsonNode> files = new ArrayList<>(List.of(source.get("orig"), source.get("packaging")));
    for (String name : List.of("compiler", "library", "reflect2")) {
      files.add(source.at("/toolchains/amd64/" + name));
    }
    assertEquals(
        List.of(
            "debian pool/main/kubernetes/kubernetes_1.20.2.orig.tar.gz",
            "debian pool/main/kubernetes/kubernetes_1.20.2-1.debian.tar.xz",
            "debian pool/main/golang-1.19-go/golang-1.19-go_1_amd64.deb",
            "debian pool/main/golang-1.19-src/golang-1.19-src_1_amd64.deb",
            "debian pool/main/golang-github-modern-go-reflect2-dev/"
                + "golang-github-modern-go-reflect2-dev_1_amd64.deb"),
        files.stream()
            .map(file -> file.get("archive").asText() + " " + file.get("path").asText())
            .toList());
  }

  /** As on a host of an architecture that the lock was not made for. */
  @Test
  void aCompilerThatIsNotLockedIsNotUsedWhereAllHasToBe() throws Exception {
    project.addKubernetesSource();
    project.run("lock").succeeded();
    ObjectNode lock = (ObjectNode) JSON.readTree(project.lock().toFile());
    ((ObjectNode) lock.at("/kubernetes/debian-source/toolchains")).removeAll();
    Files.writeString(project.lock(), lock.toString());
    runFromSource("plan", "--locked", "--offline")
        .succeeded()
        .shows("its source and Go, of which the lock says nothing");
    runFromSource("bake", "--locked")
        .failed(6)
        .says("the lock has no compiler of Kubernetes that runs on ", "./hardbake lock --project ");
  }

  private TestProject.Outcome runFromSource(String command, String... options) {
    List<String> arguments = new ArrayList<>(project.arguments(command, options));
    arguments.replaceAll(word -> word.equals("mirror") ? "debian-source" : word);
    return project.runAsIs(arguments);
  }

  private List<String> components(String role, String field) throws IOException {
    Path sbom = project.target().resolve("sbom/" + role + "-amd64.cdx.json");
    List<String> values = new ArrayList<>();
    JSON.readTree(sbom.toFile())
        .get("components")
        .forEach(component -> values.add(component.get(field).asText()));
    return values;
  }

  @Test
  void rolesShareTheLayerOfTheirBase() throws Exception {
    project.run("bake").succeeded();
    List<String> shared = archive("controller").layers();
    List<String> other = archive("loadbalancer").layers();
    assertEquals(shared.get(0), other.get(0));
    shared.retainAll(other);
    assertEquals(1, shared.size());
  }

  @Test
  void theLockIsWrittenOnceAndObeyedFromThenOn() throws Exception {
    project.run("bake").succeeded();
    byte[] lock = Files.readAllBytes(project.lock());
    NavigableMap<String, Sha256> results = project.results();
    project.moveOn();
    int requests = project.archive().requests().size();
    assertFalse(project.run("bake").succeeded().err().contains("resolving"));
    assertArrayEquals(lock, Files.readAllBytes(project.lock()));
    assertEquals(results, project.results());
    assertEquals(requests, project.archive().requests().size());
    project.run("bake", "--locked").succeeded();
  }

  @Test
  void neitherThreadsNorCachedResultsShowInTheBytes() throws Exception {
    project.run("bake", "--jobs", "1").succeeded();
    NavigableMap<String, Sha256> one = project.results();
    delete(project.target());
    delete(project.cache().resolve("derived"));
    project.run("bake", "--jobs", "4").succeeded();
    assertEquals(one, project.results());
  }

  @Test
  void theSecondBakeNeedsNoNetwork() throws Exception {
    project.run("bake").succeeded();
    NavigableMap<String, Sha256> results = project.results();
    project.archive().close();
    delete(project.target());
    project.run("bake", "--offline").succeeded();
    assertEquals(results, project.results());
    delete(project.target());
    project.run("bake").succeeded();
    assertEquals(results, project.results());
    assertEquals(List.of(), project.outside());
  }

  @Test
  void oneRoleCanBeBakedAlone() throws Exception {
    project.run("bake", "loadbalancer").succeeded();
    assertEquals(
        Set.of(
            "images/loadbalancer-amd64.oci.tar",
            "images/loadbalancer-amd64.oci.tar.intoto.json",
            "manifests/loadbalancer-amd64.txt",
            "sbom/loadbalancer-amd64.cdx.json"),
        project.results().keySet());
    // What only the other role needs was resolved, but not fetched.
    assertFalse(project.archive().requests().contains(TestProject.DEB));
    assertTrue(Files.readString(project.lock()).contains(TestProject.DEB));
  }

  @Test
  void aRoleOfOnesOwnIsOneFile() throws Exception {
    project.run("bake").succeeded();
    project.recipe(
        "mirror",
        """
        from: base
        description: my own
        packages: [web, balancer]
        files:
          - {path: /etc/motd, content: "mine\\n"}
        """);
    project
        .run("bake", "mirror")
        .succeeded()
        .says("does not match the recipes and the keyring any more: resolving anew");
    assertTrue(manifest("mirror").contains("/etc/motd"));
    assertTrue(manifest("mirror").contains("/usr/bin/balancer"));
  }

  @Test
  void whatHardbakeDoesNotKnowIsLeftToFirstBootAndSaidSo() throws Exception {
    project.addStubborn();
    project.recipe("loadbalancer", "from: base\ndescription: odd\npackages: [stubborn]\n");
    TestProject.Outcome outcome = project.run("bake").succeeded();
    outcome.says(
        "warning: loadbalancer-amd64: stubborn is left to be configured at first boot: no rule for"
            + " postinst of stubborn 1.0, hash ");
    JsonNode role =
        JSON.readTree(project.target().resolve("bake.json").toFile()).get("roles").get(1);
    assertEquals("stubborn", role.get("unconfigured").get(0).get("package").asText());
    assertEquals("stubborn\n", archive("loadbalancer").text("var/lib/hardbake/unconfigured"));
    assertTrue(
        archive("loadbalancer")
            .text("var/lib/dpkg/status")
            .contains("Package: stubborn\nStatus: install ok unpacked\n"));
    assertFalse(manifest("controller").contains("/var/lib/hardbake/unconfigured"));
  }

  @Test
  void whatOnlyDisksLeaveToFirstBootIsSaidToo() throws Exception {
    try (TestProject disks =
        TestProject.withMachines(Files.createDirectory(directory.resolve("with machines")))) {
      disks.addStubborn();
      disks.recipe("machine", TestMachine.MACHINE + "packages: [stubborn]\n");
      disks
          .run("bake", "--format", "qcow2", "loadbalancer")
          .succeeded()
          .says(
              "warning: loadbalancer-amd64: stubborn is left to be configured at the first boot of"
                  + " a disk: no rule for postinst of stubborn 1.0, hash ");
      JsonNode role = JSON.readTree(disks.target().resolve("bake.json").toFile()).get("roles");
      assertEquals("stubborn", role.get(0).get("unconfigured").get(0).get("package").asText());
    }
  }

  @Test
  void aPlanChangesNothing() throws Exception {
    NavigableMap<String, Sha256> before = project.digests();
    TestProject.Outcome plan = project.run("plan").succeeded();
    assertEquals(before, project.digests());
    assertFalse(Files.exists(project.target()));
    assertTrue(
        plan.out().startsWith("write  " + project.lock() + ": there is no lock"), plan::toString);
    assertTrue(plan.out().contains("amd64: fetch  4 packages, "), plan::toString);
    assertTrue(plan.out().contains("  web 1.0, "), plan::toString);
    assertTrue(plan.out().contains("amd64: unpack 4 packages, "), plan::toString);
    assertTrue(
        plan.out().contains("amd64: write  controller: 3 packages, 2.0 MiB"), plan::toString);
    assertTrue(
        plan.out().contains("  v1.18.6/kubernetes-server-linux-amd64.tar.gz, "), plan::toString);
    project.run("bake").succeeded();
    before = project.digests();
    TestProject.Outcome again = project.run("plan").succeeded();
    assertEquals(before, project.digests());
    assertTrue(again.out().contains("amd64: fetch  0 packages"), again::toString);
    assertTrue(again.out().contains("; replaces "), again::toString);
    assertFalse(again.out().contains("kubernetes-server"), again::toString);
  }

  @Test
  void aPlanNamesAllThatABakeWrites() throws Exception {
    Path own = Files.createDirectory(directory.resolve("with machines"));
    try (TestProject machines = TestProject.withMachines(own)) {
      TestProject.Outcome plan = machines.run("plan").succeeded();
      machines.run("bake").succeeded();
      List<Path> written =
          TestProject.digests(machines.target(), name -> true).keySet().stream()
              .map(machines.target()::resolve)
              .toList();
      assertTrue(written.contains(machines.target().resolve("boxes/controller.json")));
      for (Path file : written) {
        assertTrue(
            plan.out().lines().anyMatch(line -> line.endsWith(" " + file)),
            () -> file + " in " + plan);
      }
      String plans = machines.run("plan").succeeded().out();
      assertEquals(
          written.size(),
          plans.lines().filter(line -> line.contains("; replaces ")).count(),
          plans);
    }
  }

  @Test
  void lockMovesToTheNewestVersions() throws Exception {
    project.run("lock").succeeded();
    assertFalse(Files.exists(project.target()));
    String first = Files.readString(project.lock());
    project.moveOn();
    TestProject.Outcome outcome = project.run("lock").succeeded();
    assertTrue(outcome.out().contains("amd64: 4 packages"), outcome::toString);
    assertTrue(outcome.out().contains("wrote " + project.lock()), outcome::toString);
    String second = Files.readString(project.lock());
    assertNotEquals(first, second);
    assertTrue(second.contains("web_1.1_amd64.deb"), second);
  }

  @Test
  void jsonIsOneObjectALine() throws Exception {
    for (String command : new String[] {"plan", "bake"}) {
      TestProject.Outcome outcome = project.run(command, "--json").succeeded();
      assertEquals("", outcome.err());
      List<String> events = new ArrayList<>();
      for (String line : outcome.out().lines().toList()) {
        JsonNode node = JSON.readTree(line);
        assertTrue(node.isObject(), line);
        events.add(node.get("event").asText());
      }
      assertTrue(events.contains("begin"), events::toString);
      assertEquals("result", events.get(events.size() - 1));
    }
  }

  private String manifest(String role) throws IOException {
    return Files.readString(project.target().resolve("manifests/" + role + "-amd64.txt"));
  }

  private BakedArchive archive(String role) throws IOException {
    return BakedArchive.open(project.image(role));
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
