package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.Oracle;
import io.hardbake.image.Manifest;
import io.hardbake.image.UnpackedTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archive, as independent programs read it. */
class OciArchiveIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"docker-archive", "oci-archive"})
  void skopeoReadsIt(String transport) throws Exception {
    Oracle.require("skopeo");
    Path archive = ImageTools.archive(directory);
    JsonNode image = json(Oracle.run("skopeo", "inspect", transport + ":" + archive));
    assertEquals("amd64", image.at("/Architecture").asText());
    assertEquals("2023-11-14T22:13:20Z", image.at("/Created").asText());
    assertEquals(3, image.at("/Layers").size());
    JsonNode config = json(Oracle.run("skopeo", "inspect", "--config", transport + ":" + archive));
    assertEquals("SIGRTMIN+3", config.at("/config/StopSignal").asText());
    assertEquals("/sbin/init", config.at("/config/Cmd/0").asText());
    // Copying reads every layer and compares it with its digest.
    String target = "dir:" + Files.createDirectory(directory.resolve("copy"));
    Oracle.run("skopeo", "copy", transport + ":" + archive, target).succeeded();
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker-archive", "oci-archive"})
  void skopeoRefusesATamperedOne(String transport) throws Exception {
    Oracle.require("skopeo");
    Path tampered = ImageTools.tampered(ImageTools.archive(directory));
    String target = "dir:" + Files.createDirectory(directory.resolve("copy"));
    Oracle.run("skopeo", "copy", transport + ":" + tampered, target).refused();
  }

  @Test
  void umociUnpacksTheTreeThatTheManifestSays() throws Exception {
    Oracle.require("umoci", "getfattr", "tar");
    Oracle.requireRoot();
    Path root = unpacked(ImageTools.archive(directory)).resolve("rootfs");
    String expected = UnpackedTree.comparable(Manifest.of(Specimen.container()));
    assertEquals(expected, UnpackedTree.comparable(UnpackedTree.manifestOf(root)));

    // The comparison sees what it should: a mode, an attribute, a link that is a copy.
    Path ping = root.resolve("bin/ping4");
    Files.delete(ping);
    Files.copy(root.resolve("bin/ping"), ping);
    assertNotEquals(expected, UnpackedTree.comparable(UnpackedTree.manifestOf(root)));
  }

  @Test
  void umociRefusesATamperedOne() throws Exception {
    Oracle.require("umoci", "tar");
    Oracle.requireRoot();
    Path layout = layout(ImageTools.tampered(ImageTools.archive(directory)));
    Oracle.run("umoci", "unpack", "--image", layout + ":v1.18.6_x", directory + "/bundle")
        .refused();
  }

  @Test
  void podmanLoadsItByItsName() throws Exception {
    Oracle.require("podman");
    Oracle.requireRoot();
    Path archive = ImageTools.archive(directory);
    // A store of its own; vfs, since an overlay cannot always lie on another.
    String[] podman = {
      "podman",
      "--root=" + directory.resolve("root"),
      "--runroot=" + directory.resolve("runroot"),
      "--storage-driver=vfs"
    };
    String loaded = run(podman, "load", "-i", archive.toString()).succeeded().stdout();
    assertTrue(loaded.contains("docker.io/hardbake/specimen:v1.18.6_x"), loaded);
    String inspected =
        run(
                podman,
                "image",
                "inspect",
                "--format={{.Config.StopSignal}} {{.Config.Cmd}} {{.Id}}",
                "hardbake/specimen:v1.18.6_x")
            .succeeded()
            .stdout();
    String id = ArchiveReader.open(archive).configuration().digest().hex();
    assertEquals("SIGRTMIN+3 [/sbin/init] " + id, inspected.strip());
    run(podman, "rmi", "--all", "--force").succeeded();
    run(podman, "load", "-i", ImageTools.tampered(archive).toString()).refused();
    assertFalse(
        run(podman, "images", "--quiet").succeeded().stdout().contains(id.substring(0, 12)));
  }

  private static Oracle.Result run(String[] program, String... arguments) {
    return Oracle.run(Stream.of(program, arguments).flatMap(Arrays::stream).toList());
  }

  private Path unpacked(Path archive) throws Exception {
    Path bundle = directory.resolve("bundle");
    Oracle.run("umoci", "unpack", "--image", layout(archive) + ":v1.18.6_x", bundle.toString())
        .succeeded();
    return bundle;
  }

  private Path layout(Path archive) throws Exception {
    Path layout = Files.createDirectory(directory.resolve("layout"));
    Oracle.run("tar", "-xf", archive.toString(), "-C", layout.toString()).succeeded();
    return layout;
  }

  private static JsonNode json(Oracle.Result result) throws Exception {
    return new ObjectMapper().readTree(result.succeeded().stdout());
  }
}
