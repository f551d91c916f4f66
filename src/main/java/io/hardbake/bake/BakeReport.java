package io.hardbake.bake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hardbake.image.Architecture;
import io.hardbake.image.Artifact;
import io.hardbake.image.Image;
import io.hardbake.io.AtomicFile;
import io.hardbake.kubernetes.KubernetesBinaries;
import io.hardbake.lock.Lock;
import io.hardbake.settle.Settled.Unconfigured;
import io.hardbake.tree.Layer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What was baked, for people and as {@code bake.json}: inputs, digests, sizes, seconds for each
 * step.
 *
 * @param kubernetes the binaries for each architecture
 * @param roles what came out
 * @param boxVersions the version of each role's boxes, by role
 * @param seconds for each step, by name, in the order of the steps
 */
public record BakeReport(
    Lock lock,
    SortedMap<Architecture, KubernetesBinaries> kubernetes,
    List<BakedRole> roles,
    SortedMap<String, String> boxVersions,
    Map<String, Double> seconds) {

  /**
   * One role for one architecture.
   *
   * @param artifacts the files written
   * @param documents the files written that tell of these: manifests and SBOMs
   * @param unconfigured packages that are left to first boot, be it of its disks alone
   */
  public record BakedRole(
      Image image,
      List<Artifact> artifacts,
      List<Artifact> documents,
      List<Unconfigured> unconfigured) {}

  /** The result in a few lines. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (BakedRole role : roles) {
      for (Artifact artifact : role.artifacts()) {
        lines.add(
            "%s  %s  sha256:%s".formatted(artifact.file(), artifact.size(), artifact.sha256()));
      }
    }
    boxVersions.forEach(
        (role, version) -> lines.add("boxes of %s: version %s".formatted(role, version)));
    kubernetes.forEach(
        (architecture, binaries) ->
            lines.add(
                "Kubernetes %s for %s, from %s"
                    .formatted(binaries.version(), architecture, binaries.origin())));
    return lines;
  }

  void write(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    AtomicFile.write(
        file, (mapper.writeValueAsString(json(mapper)) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private ObjectNode json(ObjectMapper mapper) {
    ObjectNode root = mapper.createObjectNode();
    root.put("hardbake", ToolVersion.text());
    root.putObject("lock")
        .put("inputs", lock.inputs().hex())
        .put("date", lock.date().toString())
        .put("keyring", lock.keyring().hex());
    ArrayNode sources = root.putArray("kubernetes");
    kubernetes.forEach((architecture, binaries) -> add(sources.addObject(), binaries));
    ArrayNode images = root.putArray("roles");
    roles.forEach(role -> add(images.addObject(), role));
    ObjectNode versions = root.putObject("boxVersions");
    boxVersions.forEach(versions::put);
    ObjectNode steps = root.putObject("seconds");
    seconds.forEach(steps::put);
    return root;
  }

  private static void add(ObjectNode node, KubernetesBinaries binaries) {
    node.put("architecture", binaries.architecture().debianName())
        .put("version", binaries.version().toString())
        .put("source", binaries.source().toString())
        .put("origin", binaries.origin());
    ObjectNode inputs = node.putObject("inputs");
    binaries.inputs().forEach(inputs::put);
    ObjectNode files = node.putObject("sha256");
    binaries.binaries().forEach((name, content) -> files.put(name, content.sha256().hex()));
  }

  private static void add(ObjectNode node, BakedRole role) {
    node.put("role", role.image().role())
        .put("architecture", role.image().architecture().debianName());
    ArrayNode layers = node.putArray("layers");
    for (Layer layer : role.image().containerLayers()) {
      layers
          .addObject()
          .put("name", layer.name())
          .put("entries", layer.entries().size())
          .put("removals", layer.removals().size());
    }
    add(node.putArray("artifacts"), role.artifacts());
    add(node.putArray("documents"), role.documents());
    ArrayNode unconfigured = node.putArray("unconfigured");
    role.unconfigured()
        .forEach(
            each ->
                unconfigured
                    .addObject()
                    .put("package", each.packageName())
                    .put("reason", each.reason()));
  }

  private static void add(ArrayNode array, List<Artifact> files) {
    for (Artifact file : files) {
      array
          .addObject()
          .put("file", file.file().getFileName().toString())
          .put("size", file.size().bytes())
          .put("sha256", file.sha256().hex());
    }
  }
}
