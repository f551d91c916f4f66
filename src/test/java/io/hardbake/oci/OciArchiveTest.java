package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.failure.IntegrityException;
import io.hardbake.image.Artifact;
import io.hardbake.image.BlankLedger;
import io.hardbake.image.Image;
import io.hardbake.image.Ledger;
import io.hardbake.io.Sha256;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.Content;
import io.hardbake.tree.Entry.RegularFile;
import io.hardbake.tree.FileTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciArchiveTest {
  @TempDir Path directory;
  private DirectoryCache cache;

  @BeforeEach
  void makeCache() throws IOException {
    cache = new DirectoryCache(Files.createDirectory(directory.resolve("cache")));
  }

  @Test
  void asksTheLedgerByWhatTheBytesFollowFrom() throws Exception {
    Set<String> keys = new HashSet<>();
    Ledger noting =
        (file, key, writer) -> {
          keys.add(key);
          return writer.write();
        };
    Image image = Specimen.image();
    OciArchive archive = new OciArchive(cache, noting, Progress.silent(), 2);
    Artifact first = archive.emit(image, directory);
    assertEquals(first, archive.emit(image, directory));
    assertEquals(1, keys.size());
    Image later =
        new Image(
            image.role(),
            image.architecture(),
            image.layers(),
            image.tree(),
            image.containerLayer(),
            image.container(),
            image.annotations(),
            image.created().plusSeconds(1));
    assertNotEquals(first.sha256(), archive.emit(later, directory).sha256());
    assertEquals(2, keys.size());
  }

  @Test
  void anArchiveThatWasDamagedOrRemovedIsWrittenAgain() throws Exception {
    Artifact first = emit(Specimen.image(), 2);
    byte[] bytes = Files.readAllBytes(first.file());
    bytes[bytes.length / 2] ^= 1;
    Files.write(first.file(), bytes);
    assertEquals(first, emit(Specimen.image(), 2));
    assertEquals(first.sha256(), Sha256.of(first.file()));
    Files.delete(first.file());
    assertEquals(first, emit(Specimen.image(), 2));
    assertEquals(first.sha256(), Sha256.of(first.file()));
  }

  @Test
  void documentsNameEachOtherByDigest() throws Exception {
    Artifact artifact = emit(Specimen.image(), 2);
    assertEquals(directory.resolve("specimen-amd64.oci.tar"), artifact.file());
    assertEquals(Files.size(artifact.file()), artifact.size().bytes());
    assertEquals(Sha256.of(artifact.file()), artifact.sha256());

    Map<String, byte[]> members = members(artifact.file());
    members.forEach(
        (name, body) -> {
          if (name.startsWith("blobs/sha256/") && !name.endsWith("/")) {
            assertEquals("blobs/sha256/" + Sha256.of(body), name);
          }
        });
    JsonNode descriptor = json(members, "index.json").at("/manifests/0");
    JsonNode manifest = json(members, blob(descriptor));
    JsonNode configuration = json(members, blob(manifest.at("/config")));
    JsonNode docker = json(members, "manifest.json").at("/0");
    assertEquals(blob(manifest.at("/config")), docker.at("/Config").asText());
    assertEquals(3, manifest.at("/layers").size());
    for (int i = 0; i < 3; i++) {
      String blob = blob(manifest.at("/layers/" + i));
      assertEquals(blob, docker.at("/Layers/" + i).asText());
      byte[] gzip = body(members, blob);
      assertEquals(gzip.length, manifest.at("/layers/" + i + "/size").asInt());
      try (InputStream tar = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
        assertEquals(
            configuration.at("/rootfs/diff_ids/" + i).asText(),
            "sha256:" + Sha256.of(tar.readAllBytes()));
      }
    }
  }

  @Test
  void saysHowTheImageRuns() throws Exception {
    Map<String, byte[]> members = members(emit(Specimen.image(), 2).file());
    JsonNode manifest = json(members, blob(json(members, "index.json").at("/manifests/0")));
    assertEquals(
        "{\"io.hardbake.role\":\"specimen\",\"org.opencontainers.image.version\":\"v1.18.6+x\"}",
        manifest.at("/annotations").toString());
    String configuration = text(members, blob(manifest.at("/config")));
    assertTrue(
        configuration.startsWith(
            "{\"architecture\":\"amd64\",\"config\":{\"Cmd\":[\"/sbin/init\"],"
                + "\"Env\":[\"PATH=/usr/sbin:/usr/bin:/sbin:/bin\",\"container=docker\"],"
                + "\"ExposedPorts\":{\"6443/tcp\":{},\"80/tcp\":{}},"
                + "\"Labels\":{\"role\":\"specimen\"},\"StopSignal\":\"SIGRTMIN+3\"},"
                + "\"created\":\"2023-11-14T22:13:20Z\",\"history\":[{"
                + "\"created\":\"2023-11-14T22:13:20Z\","
                + "\"created_by\":\"hardbake packages:base\"}"),
        configuration);
    assertEquals(
        "[\"hardbake/specimen:v1.18.6_x\",\"hardbake/specimen:latest\"]",
        json(members, "manifest.json").at("/0/RepoTags").toString());
  }

  @Test
  void bytesFollowFromTheImageAlone() throws Exception {
    Sha256 one = emit(Specimen.image(), 1).sha256();
    makeColdCache("cold");
    assertEquals(one, emit(Specimen.image(), 7).sha256());
    assertEquals(one, emit(Specimen.image(), 3).sha256());
  }

  @Test
  void compressesALayerOnce() throws Exception {
    Image image = Specimen.image();
    emit(image, 2);
    assertEquals(3, cache.filled("layer"));
    emit(image, 2);
    assertEquals(3, cache.filled("layer"));

    FileTree edited = edited(image.tree());
    emit(
        new Image(
            "edited",
            image.architecture(),
            List.of(image.layers().get(0), edited.minus(Specimen.base(), "packages:specimen")),
            edited,
            image.containerLayer(),
            image.container(),
            image.annotations(),
            image.created()),
        2);
    assertEquals(4, cache.filled("layer"));
  }

  @Test
  void holdsASharedBlobOnce() throws Exception {
    Image image = Specimen.image();
    Image twice =
        new Image(
            "twice",
            image.architecture(),
            List.of(image.layers().get(0), image.layers().get(0)),
            image.tree(),
            image.containerLayer(),
            image.container(),
            image.annotations(),
            image.created());
    Map<String, byte[]> members = members(emit(twice, 2).file());
    assertEquals(3, json(members, "manifest.json").at("/0/Layers").size());
    assertEquals(5 + 2 + 2, members.size());
  }

  @Test
  void refusesADamagedCache() throws Exception {
    emit(Specimen.image(), 2);
    Path layer;
    try (var files = Files.list(directory.resolve("cache"))) {
      layer = files.filter(file -> file.toFile().length() > 100_000).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(layer);
    byte[] flipped = bytes.clone();
    flipped[5000] ^= 1;
    for (byte[] damaged : List.of(flipped, Arrays.copyOf(bytes, 7000), new byte[0])) {
      Files.write(layer, damaged);
      Files.deleteIfExists(directory.resolve("specimen-amd64.oci.tar"));
      assertThrows(IntegrityException.class, () -> emit(Specimen.image(), 2));
      assertFalse(Files.exists(directory.resolve("specimen-amd64.oci.tar")));
    }
  }

  private void makeColdCache(String name) throws IOException {
    cache = new DirectoryCache(Files.createDirectory(directory.resolve(name)));
  }

  private Artifact emit(Image image, int jobs) throws Exception {
    return new OciArchive(cache, new BlankLedger(), Progress.silent(), jobs).emit(image, directory);
  }

  private static FileTree edited(FileTree tree) {
    FileTree.Builder builder = tree.toBuilder();
    builder.put(AbsolutePath.of("/etc/new"), new RegularFile(Specimen.META, Content.of("new")));
    return builder.freeze();
  }

  private static Map<String, byte[]> members(Path archive) throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(archive))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] old = members.put(entry.getName(), in.readAllBytes());
        assertTrue(old == null, entry.getName() + " is there twice");
      }
    }
    return members;
  }

  private static byte[] body(Map<String, byte[]> members, String name) {
    byte[] body = members.get(name);
    if (body == null) {
      throw new AssertionError(name + " is not among " + members.keySet());
    }
    return body;
  }

  private static String text(Map<String, byte[]> members, String name) {
    return new String(body(members, name), StandardCharsets.UTF_8);
  }

  private static JsonNode json(Map<String, byte[]> members, String name) throws IOException {
    return new ObjectMapper().readTree(body(members, name));
  }

  private static String blob(JsonNode descriptor) {
    return "blobs/sha256/" + descriptor.at("/digest").asText().substring("sha256:".length());
  }
}
