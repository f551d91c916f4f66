package io.hardbake.oci;

import io.hardbake.image.ContainerSettings;
import io.hardbake.image.Image;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The JSON documents that make blobs an image, in canonical form, each naming the one before by its
 * digest: configuration, manifest, index; and docker's own table of contents beside them.
 *
 * @see <a href="https://github.com/opencontainers/image-spec">OCI image-spec: config.md,
 *     manifest.md, image-index.md, image-layout.md</a>
 */
record ImageDocuments(
    Bytes configuration, Bytes manifest, Bytes index, Bytes dockerManifest, Bytes layout) {
  static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
  static final String BLOBS = "blobs/sha256/";

  private static final String INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
  private static final String CONFIGURATION_TYPE = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  // containerd's and podman's: the whole name, where OCI's own holds the tag alone.
  private static final String FULL_NAME = "io.containerd.image.name";

  static ImageDocuments of(Image image, List<CompressedLayer> layers) {
    Bytes configuration = CanonicalJson.write(configuration(image, layers));
    Bytes manifest = CanonicalJson.write(manifest(image, configuration, layers));
    ImageName name = ImageName.of(image);
    return new ImageDocuments(
        configuration,
        manifest,
        indexOf(image.architecture().debianName(), name, manifest),
        dockerManifestOf(
            name, configuration, layers.stream().map(CompressedLayer::digest).toList()),
        layoutOfAll());
  }

  private static Map<String, Object> configuration(Image image, List<CompressedLayer> layers) {
    String created = image.created().toString();
    List<Object> history = new ArrayList<>();
    List<String> diffIds = new ArrayList<>();
    for (CompressedLayer layer : layers) {
      history.add(Map.of("created", created, "created_by", "hardbake " + layer.name()));
      diffIds.add("sha256:" + layer.diffId());
    }
    return Map.of(
        "architecture",
        image.architecture().debianName(),
        "config",
        process(image.container()),
        "created",
        created,
        "history",
        history,
        "os",
        "linux",
        "rootfs",
        Map.of("diff_ids", diffIds, "type", "layers"));
  }

  private static Map<String, Object> process(ContainerSettings settings) {
    List<String> environment = new ArrayList<>();
    settings.environment().forEach((name, value) -> environment.add(name + "=" + value));
    SortedMap<String, Object> ports = new TreeMap<>();
    settings.exposedPorts().forEach(port -> ports.put(port, Map.of()));
    SortedMap<String, Object> process = new TreeMap<>();
    // Cmd, not Entrypoint: `docker run IMAGE sh` then looks into the image, as people expect.
    process.put("Cmd", settings.command());
    process.put("Env", environment);
    process.put("ExposedPorts", ports);
    process.put("Labels", settings.labels());
    process.put("StopSignal", settings.stopSignal());
    return process;
  }

  private static Map<String, Object> manifest(
      Image image, Bytes configuration, List<CompressedLayer> layers) {
    List<Object> descriptors = new ArrayList<>();
    for (CompressedLayer layer : layers) {
      descriptors.add(descriptor(LAYER_TYPE, layer.digest(), layer.size().bytes()));
    }
    return Map.of(
        "annotations",
        image.annotations(),
        "config",
        descriptor(CONFIGURATION_TYPE, sha256(configuration), configuration.length()),
        "layers",
        descriptors,
        "mediaType",
        MANIFEST_TYPE,
        "schemaVersion",
        2);
  }

  /** {@code oci-layout}, which is the same everywhere. */
  static Bytes layoutOfAll() {
    return CanonicalJson.write(Map.of("imageLayoutVersion", "1.0.0"));
  }

  /** The index that leads to a manifest. */
  static Bytes indexOf(String architecture, ImageName name, Bytes manifest) {
    Map<String, Object> descriptor = descriptor(MANIFEST_TYPE, sha256(manifest), manifest.length());
    descriptor.put("platform", Map.of("architecture", architecture, "os", "linux"));
    // One entry only, though there are two names: readers ask which image where there are two.
    descriptor.put("annotations", Map.of(REF_NAME, name.tag(), FULL_NAME, "docker.io/" + name));
    return CanonicalJson.write(
        Map.of("manifests", List.of(descriptor), "mediaType", INDEX_TYPE, "schemaVersion", 2));
  }

  /** Docker's table of contents: {@code manifest.json}. */
  static Bytes dockerManifestOf(ImageName name, Bytes configuration, List<Sha256> layers) {
    return CanonicalJson.write(
        List.of(
            Map.of(
                "Config", BLOBS + sha256(configuration),
                "Layers", layers.stream().map(digest -> BLOBS + digest).toList(),
                "RepoTags", name.loadedAs())));
  }

  private static SortedMap<String, Object> descriptor(String type, Sha256 digest, long size) {
    return new TreeMap<>(Map.of("digest", "sha256:" + digest, "mediaType", type, "size", size));
  }

  private static Sha256 sha256(Bytes document) {
    return Sha256.of(document.toArray());
  }
}
