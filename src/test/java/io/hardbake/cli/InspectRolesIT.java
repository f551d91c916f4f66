package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.Oracle;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect} and {@code diff} on the baked roles, against what independent programs say. */
final class InspectRolesIT {
  private static final Path IMAGES = Path.of("target/images");

  @TempDir private Path directory;

  @Test
  void inspectSaysOfLayersAndConfigurationWhatSkopeoSays() throws Exception {
    Oracle.require("skopeo");
    List<JsonNode> records = records(0, "inspect", "--json", image("controller"));
    JsonNode skopeo =
        new ObjectMapper()
            .readTree(
                Oracle.run("skopeo", "inspect", "oci-archive:" + image("controller"))
                    .succeeded()
                    .stdout());
    List<String> layers = new ArrayList<>();
    skopeo.get("Layers").forEach(layer -> layers.add(layer.asText()));
    assertEquals(layers, fields(records, "layer", each -> "sha256:" + text(each, "sha256")));
    for (String fact : List.of("Digest manifest-digest", "Architecture architecture", "Os os")) {
      String[] names = fact.split(" ", 2);
      assertTrue(
          fields(records, "fact", each -> text(each, "name") + " " + text(each, "value"))
              .contains(names[1] + " " + text(skopeo, names[0])),
          fact);
    }
  }

  @Test
  void inspectListsThePackagesThatDpkgLists() throws Exception {
    Oracle.require("umoci", "dpkg-query", "tar");
    Oracle.requireRoot();
    Path layout = Files.createDirectory(directory.resolve("layout"));
    Oracle.run("tar", "-xf", image("loadbalancer"), "-C", layout.toString()).succeeded();
    String tag =
        new ObjectMapper()
            .readTree(layout.resolve("index.json").toFile())
            .at("/manifests/0/annotations")
            .get("org.opencontainers.image.ref.name")
            .asText();
    Path bundle = directory.resolve("bundle");
    Oracle.run("umoci", "unpack", "--image", layout + ":" + tag, bundle.toString()).succeeded();
    List<String> dpkg =
        Oracle.run(
                "dpkg-query",
                "--root=" + bundle.resolve("rootfs"),
                "-W",
                "-f",
                "${Package} ${Version} ${Architecture}\\n")
            .succeeded()
            .stdout()
            .lines()
            .sorted()
            .toList();
    assertFalse(dpkg.isEmpty());
    assertEquals(
        dpkg,
        fields(
                records(0, "inspect", "--json", "--packages", image("loadbalancer")),
                "package",
                each ->
                    text(each, "name")
                        + " "
                        + text(each, "version")
                        + " "
                        + text(each, "architecture"))
            .stream()
            .sorted()
            .toList());
  }

  @Test
  void diffTellsTheRolesApart() throws Exception {
    List<JsonNode> records =
        records(5, "diff", "--json", image("controller"), image("loadbalancer"));
    List<String> packages = fields(records, "package", each -> text(each, "name"));
    assertTrue(packages.contains("haproxy:amd64"), packages::toString);
    assertTrue(packages.contains("etcd-server:amd64"), packages::toString);
    List<String> layers = fields(records, "layer", each -> text(each, "name"));
    assertFalse(layers.contains("packages:base"), layers::toString);
    assertTrue(layers.contains("kubernetes"), layers::toString);
    records(0, "diff", "--json", image("controller"), image("controller"));
  }

  private static String image(String role) {
    return IMAGES.resolve(role + "-amd64.oci.tar").toString();
  }

  private static List<String> fields(
      List<JsonNode> records, String kind, Function<JsonNode, String> field) {
    return records.stream().filter(each -> text(each, "record").equals(kind)).map(field).toList();
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  private static List<JsonNode> records(int code, String... arguments) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    assertEquals(
        code,
        Main.run(arguments, Map.of(), new PrintWriter(out), new PrintWriter(err)),
        err::toString);
    List<JsonNode> records = new ArrayList<>();
    for (String line : out.toString().lines().toList()) {
      records.add(new ObjectMapper().readTree(line));
    }
    return records;
  }
}
