package io.hardbake.oci;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.image.Finding;
import io.hardbake.io.Bytes;
import io.hardbake.io.JsonText;
import io.hardbake.io.Sha256;
import io.hardbake.io.tar.MalformedArchiveException;
import io.hardbake.progress.Progress;
import io.hardbake.tree.FileTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An image, read back from its archive alone: documents, layers, and the tree that they make.
 * Digests and sizes are compared with what the documents say; where they differ and the rest can be
 * read all the same, that is a finding.
 *
 * @param facts of the configuration, the manifest and the index
 */
public record ImageReading(
    List<ImageLayer> layers,
    FileTree tree,
    SortedMap<String, String> facts,
    List<Finding> findings,
    Closeable spools)
    implements Closeable {

  private static final String REMEDY = "bake the image again, or copy it anew";

  public ImageReading {
    layers = List.copyOf(layers);
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    findings = List.copyOf(findings);
  }

  /**
   * Reads all of an archive.
   *
   * @param scratch a directory for the layers' bodies, which need as much space as the image
   *     unpacked; no name is left in it
   * @return an open reading: bodies can be opened until it is closed
   * @throws IntegrityException if it is no image archive, or one that cannot be read
   * @throws HostException if this machine cannot run what decompresses a layer
   */
  public static ImageReading of(Path archive, Path scratch, Progress progress)
      throws HostException, IntegrityException, IOException, InterruptedException {
    return of(archive, scratch, progress, ReadLimits.usual());
  }

  static ImageReading of(Path archive, Path scratch, Progress progress, ReadLimits limits)
      throws HostException, IntegrityException, IOException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    Documents documents;
    try {
      documents = Documents.of(ArchiveMembers.of(archive), findings);
    } catch (MalformedArchiveException | JsonProcessingException e) {
      throw new IntegrityException(
          archive + " is not an image archive, or is damaged: " + e.getMessage(), REMEDY, e);
    }
    LayerReaders readers = new LayerReaders(documents.members, scratch, progress, limits);
    try {
      List<ImageLayer> layers = readers.read(documents.layers, documents.names);
      documents.compare(layers, findings);
      LayerStack stack = stack(archive, layers);
      findings.addAll(stack.findings());
      return new ImageReading(layers, stack.tree(), documents.facts(), findings, readers);
    } catch (HostException
        | IntegrityException
        | IOException
        | InterruptedException
        | RuntimeException e) {
      readers.close();
      throw e;
    }
  }

  private static LayerStack stack(Path archive, List<ImageLayer> layers) throws IntegrityException {
    LayerStack stack = new LayerStack();
    for (ImageLayer layer : layers) {
      try {
        stack.add(layer);
      } catch (MalformedArchiveException e) {
        throw new IntegrityException(
            "layer %s of %s is refused: %s".formatted(layer.name(), archive, e.getMessage()),
            REMEDY,
            e);
      }
    }
    return stack;
  }

  @Override
  public void close() throws IOException {
    spools.close();
  }

  /** The documents as they lead to each other. */
  private record Documents(
      ArchiveMembers members,
      JsonNode descriptor,
      JsonNode manifest,
      JsonNode configuration,
      List<ArchiveReader.Blob> layers,
      List<String> names) {

    static Documents of(ArchiveMembers members, List<Finding> findings) throws IOException {
      members
          .trailing()
          .ifPresent(what -> findings.add(new Finding("tar", "the archive", what, REMEDY)));
      JsonNode index = members.json("index.json");
      if (index.path("manifests").size() != 1) {
        findings.add(
            new Finding(
                "index",
                "index.json",
                "it names %d images, of which the first is read"
                    .formatted(index.path("manifests").size()),
                "give the archive of one image"));
      }
      JsonNode descriptor = index.at("/manifests/0");
      JsonNode manifest = document(members, descriptor, "the manifest", findings);
      JsonNode configuration =
          document(members, manifest.path("config"), "the configuration", findings);
      List<String> history = ImageFacts.layerNames(configuration);
      List<ArchiveReader.Blob> layers = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (JsonNode layer : manifest.path("layers")) {
        int number = layers.size();
        names.add(number < history.size() ? history.get(number) : Integer.toString(number + 1));
        layers.add(blob(members, layer, "layer " + names.get(number), findings));
      }
      Documents documents =
          new Documents(members, descriptor, manifest, configuration, layers, names);
      documents.compareDockers(findings);
      return documents;
    }

    private static JsonNode document(
        ArchiveMembers members, JsonNode descriptor, String what, List<Finding> findings)
        throws IOException {
      ArchiveReader.Blob blob = blob(members, descriptor, what, findings);
      Bytes bytes = members.document(ArchiveMembers.name(blob.digest()));
      compare(what, blob.digest(), Sha256.of(bytes.toArray()), findings);
      return JsonText.parse(bytes.toArray());
    }

    private static ArchiveReader.Blob blob(
        ArchiveMembers members, JsonNode descriptor, String what, List<Finding> findings)
        throws IOException {
      ArchiveReader.Blob blob = members.find(descriptor);
      long declared = descriptor.path("size").asLong(-1);
      if (declared != blob.size().bytes()) {
        findings.add(
            new Finding(
                "size",
                what,
                "the blob has %d bytes, its descriptor says %d"
                    .formatted(blob.size().bytes(), declared),
                REMEDY));
      }
      return blob;
    }

    private static void compare(
        String what, Sha256 expected, Sha256 actual, List<Finding> findings) {
      if (!actual.equals(expected)) {
        findings.add(
            new Finding(
                "digest",
                what,
                "the blob is damaged: expected sha256 %s, actual %s".formatted(expected, actual),
                REMEDY));
      }
    }

    private void compareDockers(List<Finding> findings) throws IOException {
      String config = ArchiveMembers.name(ArchiveMembers.digest(manifest.path("config")));
      List<String> blobs =
          layers.stream().map(layer -> ArchiveMembers.name(layer.digest())).toList();
      try {
        ArchiveReader.dockerNames(members, config, blobs);
      } catch (IOException e) {
        findings.add(new Finding("index", "manifest.json", String.valueOf(e.getMessage()), REMEDY));
      }
    }

    void compare(List<ImageLayer> read, List<Finding> findings) {
      JsonNode diffIds = configuration.at("/rootfs/diff_ids");
      if (diffIds.size() != read.size()) {
        findings.add(
            new Finding(
                "diff-id",
                "the configuration",
                "it names %d layers, the manifest %d".formatted(diffIds.size(), read.size()),
                REMEDY));
      }
      for (int i = 0; i < read.size(); i++) {
        ImageLayer layer = read.get(i);
        compare("layer " + layer.name(), layers.get(i).digest(), layer.digest(), findings);
        String expected = diffIds.path(i).asText();
        if (!expected.isEmpty() && !expected.equals("sha256:" + layer.diffId())) {
          findings.add(
              new Finding(
                  "diff-id",
                  "layer " + layer.name(),
                  "the layer's tar is another: expected %s, actual sha256:%s"
                      .formatted(expected, layer.diffId()),
                  REMEDY));
        }
      }
    }

    SortedMap<String, String> facts() throws IOException {
      SortedMap<String, String> facts = ImageFacts.of(descriptor, manifest, configuration);
      List<String> tags = new ArrayList<>();
      if (members.has("manifest.json")) {
        try {
          members.json("manifest.json").at("/0/RepoTags").forEach(tag -> tags.add(tag.asText()));
        } catch (JsonProcessingException e) {
          // There is a finding about it already.
        }
      }
      facts.put("names", String.join(" ", tags));
      return facts;
    }
  }
}
