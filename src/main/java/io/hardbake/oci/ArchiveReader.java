package io.hardbake.oci;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * An archive that {@link OciArchive} wrote, found to be whole: each blob that the index leads to is
 * there, has its size and its digest. Nothing is sent on that was not checked here.
 *
 * @param manifest the image manifest as it stands
 * @param manifestDigest the image's name in a registry
 * @param configuration the image's name in a docker engine
 * @param layers distinct, from the bottom up
 * @param names that an engine gives the image, the one with the version first
 */
record ArchiveReader(
    Path file,
    Bytes manifest,
    Sha256 manifestDigest,
    Blob configuration,
    List<Blob> layers,
    List<String> names) {

  /** Documents are a few kilobytes; what claims more is no archive of ours. */
  private static final long DOCUMENT_LIMIT = Size.mib(4).bytes();

  private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");

  /**
   * Where a blob's bytes lie in the archive.
   *
   * @param offset of the first byte in the archive's file
   */
  record Blob(Sha256 digest, long offset, Size size) {}

  ArchiveReader {
    layers = List.copyOf(layers);
    names = List.copyOf(names);
  }

  /** Opens an archive and reads all of it. */
  static ArchiveReader open(Path file) throws BakeException {
    return open(file, true);
  }

  /** Opens an archive without reading its layers: enough to know which image it is. */
  static ArchiveReader identify(Path file) throws BakeException {
    return open(file, false);
  }

  private static ArchiveReader open(Path file, boolean layersToo) throws BakeException {
    if (!Files.isReadable(file)) {
      throw new HostException(
          "there is no archive " + file, "bake the image first: ./hardbake bake");
    }
    try {
      return new Opening(file, layersToo).open();
    } catch (JsonProcessingException e) {
      throw damaged(file, "a document in it is no JSON", e);
    } catch (IOException e) {
      throw damaged(file, String.valueOf(e.getMessage()), e);
    }
  }

  /** The configuration and the layers: all that has to be where the manifest goes. */
  List<Blob> blobs() {
    List<Blob> blobs = new ArrayList<>(layers);
    blobs.add(configuration);
    return blobs;
  }

  /** A blob's bytes; each stream has a place of its own in the file. */
  InputStream open(Blob blob) throws IOException {
    return open(file, blob);
  }

  private static InputStream open(Path file, Blob blob) throws IOException {
    return new BlobStream(file, blob.offset, Math.addExact(blob.offset, blob.size.bytes()));
  }

  private static IntegrityException damaged(Path file, String how, Throwable cause) {
    return new IntegrityException(
        file + " is not an image archive, or is damaged: " + how, "bake the image again", cause);
  }

  /** The work of opening, with what it has found so far. */
  private static final class Opening {
    private final Path file;
    private final boolean layersToo;
    private final Map<String, TarArchiveEntry> members = new HashMap<>();

    Opening(Path file, boolean layersToo) {
      this.file = file;
      this.layersToo = layersToo;
    }

    ArchiveReader open() throws IOException, IntegrityException {
      try (TarFile tar = new TarFile(file)) {
        tar.getEntries().forEach(entry -> members.put(entry.getName(), entry));
      }
      JsonNode descriptor = json(read(member("index.json"))).at("/manifests/0");
      Blob manifestBlob = intact(blob(descriptor));
      Bytes manifestBytes = read(member(name(manifestBlob.digest)));
      JsonNode manifest = json(manifestBytes);
      Blob configuration = intact(blob(manifest.path("config")));
      List<Blob> layers = new ArrayList<>();
      List<String> layerNames = new ArrayList<>();
      for (JsonNode layer : manifest.path("layers")) {
        Blob blob = blob(layer);
        layerNames.add(name(blob.digest));
        if (!layers.contains(blob)) {
          layers.add(layersToo ? intact(blob) : blob);
        }
      }
      List<String> names = dockerNames(name(configuration.digest), layerNames);
      return new ArchiveReader(
          file, manifestBytes, manifestBlob.digest, configuration, layers, names);
    }

    /** The names in docker's table of contents, which has to lead to the same image. */
    private List<String> dockerNames(String configuration, List<String> layers) throws IOException {
      JsonNode docker = json(read(member("manifest.json")));
      List<String> dockerLayers = new ArrayList<>();
      docker.at("/0/Layers").forEach(layer -> dockerLayers.add(layer.asText()));
      List<String> names = new ArrayList<>();
      docker.at("/0/RepoTags").forEach(name -> names.add(name.asText()));
      if (docker.size() != 1
          || !docker.at("/0/Config").asText().equals(configuration)
          || !dockerLayers.equals(layers)
          || names.isEmpty()) {
        throw new IOException("manifest.json and index.json are not about the same image");
      }
      return names;
    }

    private TarArchiveEntry member(String name) throws IOException {
      return Optional.ofNullable(members.get(name))
          .orElseThrow(() -> new IOException(name + " is missing"));
    }

    /** The blob that a descriptor names: it is there, with its size. */
    private Blob blob(JsonNode descriptor) throws IOException {
      Matcher digest = DIGEST.matcher(descriptor.path("digest").asText());
      if (!digest.matches()) {
        throw new IOException("no digest in " + descriptor);
      }
      Sha256 expected = new Sha256(digest.group(1));
      TarArchiveEntry entry = member(name(expected));
      Blob blob = new Blob(expected, entry.getDataOffset(), new Size(entry.getSize()));
      if (descriptor.path("size").asLong(-1) != entry.getSize()) {
        throw new IOException("blob " + expected + " has another size than " + descriptor);
      }
      return blob;
    }

    /** The same blob, once its bytes are what their name says. */
    private Blob intact(Blob blob) throws IOException, IntegrityException {
      Sha256 actual = digest(blob);
      if (!actual.equals(blob.digest)) {
        throw new IntegrityException(
            "a blob in %s is damaged: expected sha256 %s, actual %s"
                .formatted(file, blob.digest, actual),
            "bake the image again");
      }
      return blob;
    }

    private Sha256 digest(Blob blob) throws IOException {
      MessageDigest digest = Sha256.newDigest();
      byte[] buffer = new byte[1 << 18];
      try (InputStream in = ArchiveReader.open(file, blob)) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
        }
      }
      return Sha256.of(digest);
    }

    private Bytes read(TarArchiveEntry entry) throws IOException {
      if (entry.getSize() > DOCUMENT_LIMIT) {
        throw new IOException(entry.getName() + " is larger than any document");
      }
      long start = entry.getDataOffset();
      try (InputStream in = new BlobStream(file, start, start + entry.getSize())) {
        return Bytes.of(in.readAllBytes());
      }
    }

    private static JsonNode json(Bytes document) throws IOException {
      return new ObjectMapper().readTree(document.toArray());
    }

    private static String name(Sha256 digest) {
      return ImageDocuments.BLOBS + digest;
    }
  }
}
