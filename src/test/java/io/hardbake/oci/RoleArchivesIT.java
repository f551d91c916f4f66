package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.Oracle;
import io.hardbake.image.Manifest;
import io.hardbake.image.UnpackedTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The baked roles themselves, as independent programs read them. */
final class RoleArchivesIT {
  private static final Path TARGET = Path.of("target");
  private static final Pattern DEBSUMS =
      Pattern.compile("debsums: (?:changed|missing) file (\\S+) \\(from ");

  @TempDir private Path directory;

  private static Path archive(String role) {
    return TARGET.resolve("images").resolve(role + "-amd64.oci.tar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"controller", "loadbalancer"})
  void umociUnpacksTheTreeThatTheManifestSays(String role) throws Exception {
    Oracle.require("umoci", "getfattr", "tar", "debsums");
    Oracle.requireRoot();
    Path layout = Files.createDirectory(directory.resolve("layout"));
    Oracle.run("tar", "-xf", archive(role).toString(), "-C", layout.toString()).succeeded();
    Path bundle = directory.resolve("bundle");
    Oracle.run("umoci", "unpack", "--image", layout + ":" + version(), bundle.toString())
        .succeeded();
    String unpacked = UnpackedTree.comparable(UnpackedTree.manifestOf(bundle.resolve("rootfs")));
    assertEquals(UnpackedTree.comparable(expected(role)), unpacked);

    debsumsAgrees(bundle.resolve("rootfs"), role);

    // The comparison sees a mode that differs.
    Oracle.run("chmod", "0644", bundle.resolve("rootfs/usr/bin/sudo").toString()).succeeded();
    assertNotEquals(
        unpacked, UnpackedTree.comparable(UnpackedTree.manifestOf(bundle.resolve("rootfs"))));
  }

  /** Every file is as its package brought it, but for what the manifest says to be a recipe's. */
  private static void debsumsAgrees(Path root, String role) throws Exception {
    Set<String> ours = new TreeSet<>();
    for (Manifest.Line line : expected(role).lines()) {
      if (!line.provenance().value().startsWith("package:")) {
        ours.add(line.path().value());
      }
    }
    Set<String> changed = changed(root);
    assertTrue(ours.containsAll(changed), changed::toString);
    Path tampered = root.resolve("usr/lib/os-release");
    Files.writeString(tampered, "changed");
    changed.add("/" + root.relativize(tampered));
    assertEquals(changed, changed(root));
  }

  private static Set<String> changed(Path root) {
    Oracle.Result result = Oracle.run("debsums", "--root=" + root, "--all", "--silent");
    Set<String> paths = new TreeSet<>();
    Matcher path = DEBSUMS.matcher(result.stdout() + result.stderr());
    while (path.find()) {
      paths.add("/" + root.relativize(Path.of(path.group(1))));
    }
    assertEquals(!paths.isEmpty(), result.exitCode() != 0, result::toString);
    return paths;
  }

  @ParameterizedTest
  @ValueSource(strings = {"controller", "loadbalancer"})
  void skopeoFindsTheTrueVersionAndTheStopSignal(String role) throws Exception {
    Oracle.require("skopeo");
    JsonNode config = skopeo("inspect", "--config", "oci-archive:" + archive(role));
    assertEquals("SIGRTMIN+3", config.at("/config/StopSignal").asText());
    assertEquals("container=docker", config.at("/config/Env/0").asText());
    assertTrue(config.at("/config/ExposedPorts").has("6443/tcp"), config::toString);
    JsonNode manifest = skopeo("inspect", "--raw", "oci-archive:" + archive(role));
    assertEquals(
        version(),
        manifest.at("/annotations").get("org.opencontainers.image.version").asText(),
        manifest::toString);
  }

  @Test
  void rolesShareTheBaseLayer() throws Exception {
    Oracle.require("skopeo");
    JsonNode controller = skopeo("inspect", "oci-archive:" + archive("controller"));
    JsonNode loadBalancer = skopeo("inspect", "oci-archive:" + archive("loadbalancer"));
    assertEquals(controller.at("/Layers/0"), loadBalancer.at("/Layers/0"));
    assertNotEquals(controller.at("/Layers/1"), loadBalancer.at("/Layers/1"));
    assertEquals(5, controller.at("/Layers").size());
  }

  private static JsonNode skopeo(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("skopeo"));
    command.addAll(List.of(arguments));
    return new ObjectMapper().readTree(Oracle.run(command).succeeded().stdout());
  }

  /** What the bake says it baked. */
  private static String version() throws Exception {
    return new ObjectMapper()
        .readTree(TARGET.resolve("bake.json").toFile())
        .at("/kubernetes/0/version")
        .asText();
  }

  private static Manifest expected(String role) throws Exception {
    return Manifest.parse(
        Files.readAllBytes(TARGET.resolve("manifests").resolve(role + "-amd64.txt")));
  }
}
