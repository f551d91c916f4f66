package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.Oracle;
import io.hardbake.image.Manifest;
import io.hardbake.image.UnpackedTree;
import io.hardbake.recipe.RecipeBook;
import io.hardbake.tree.AbsolutePath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The baked roles themselves, as independent programs read them. */
final class RoleArchivesIT {
  private static final Path TARGET = Path.of("target");

  @TempDir private Path directory;

  private static Path archive(String role) {
    return TARGET.resolve("images").resolve(role + "-amd64.oci.tar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"controller", "loadbalancer"})
  void umociUnpacksTheTreeThatTheManifestSays(String role) throws Exception {
    Oracle.require("umoci", "getfattr", "tar");
    Oracle.requireRoot();
    Path layout = Files.createDirectory(directory.resolve("layout"));
    Oracle.run("tar", "-xf", archive(role).toString(), "-C", layout.toString()).succeeded();
    Path bundle = directory.resolve("bundle");
    Oracle.run("umoci", "unpack", "--image", layout + ":" + version(), bundle.toString())
        .succeeded();
    String unpacked = UnpackedTree.comparable(UnpackedTree.manifestOf(bundle.resolve("rootfs")));
    assertEquals(UnpackedTree.comparable(expected(role)), unpacked);

    // The comparison sees a mode that differs.
    Oracle.run("chmod", "0644", bundle.resolve("rootfs/usr/bin/sudo").toString()).succeeded();
    assertNotEquals(
        unpacked, UnpackedTree.comparable(UnpackedTree.manifestOf(bundle.resolve("rootfs"))));
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

  /** The manifest of what all formats share, and the masks that only containers have. */
  private static Manifest expected(String role) throws Exception {
    Path file = TARGET.resolve("manifests").resolve(role + "-amd64.txt");
    TreeMap<AbsolutePath, Manifest.Line> lines = new TreeMap<>();
    for (Manifest.Line line : Manifest.parse(Files.readString(file)).lines()) {
      lines.put(line.path(), line);
    }
    Manifest.Line link =
        lines.values().stream()
            .filter(line -> line.type() == Manifest.Type.SYMLINK)
            .findFirst()
            .orElseThrow();
    for (String unit : RecipeBook.load(Path.of("images")).role(role).containerMasks()) {
      AbsolutePath path = AbsolutePath.of("/etc/systemd/system/" + unit);
      lines.put(
          path,
          new Manifest.Line(
              path,
              link.type(),
              0777,
              0,
              0,
              link.size(),
              "/dev/null",
              link.xattrs(),
              link.provenance()));
    }
    return new Manifest(List.copyOf(lines.values()));
  }
}
