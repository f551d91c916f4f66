package io.hardbake.oci;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Bytes;
import io.hardbake.io.RangeStream;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

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
  static ArchiveReader open(Path file) throws BakeException, InterruptedException {
    return open(file, true);
  }

  /** Opens an archive without reading its layers: enough to know which image it is. */
  static ArchiveReader identify(Path file) throws BakeException, InterruptedException {
    return open(file, false);
  }

  private static ArchiveReader open(Path file, boolean layersToo)
      throws BakeException, InterruptedException {
    if (Files.notExists(file)) {
      throw new HostException(
          "there is no archive " + file, "bake the image first: ./hardbake bake");
    }
    if (!Files.isReadable(file)) {
      throw new HostException("no right to read " + file, "ask its owner, or change its mode");
    }
    try {
      return open(ArchiveMembers.of(file), layersToo);
    } catch (JsonProcessingException e) {
      throw damaged(file, "a document in it is no JSON", e);
    } catch (ClosedByInterruptException e) {
      InterruptedException interrupted = new InterruptedException();
      interrupted.initCause(e);
      throw interrupted;
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
    return new RangeStream(
        FileChannel.open(file, StandardOpenOption.READ), true, blob.offset, blob.size);
  }

  private static IntegrityException damaged(Path file, String how, Throwable cause) {
    return new IntegrityException(
        file + " is not an image archive, or is damaged: " + how, "bake the image again", cause);
  }

  private static ArchiveReader open(ArchiveMembers archive, boolean layersToo)
      throws IOException, IntegrityException {
    if (archive.trailing().isPresent()) {
      throw new IOException(archive.trailing().get());
    }
    JsonNode descriptor = archive.json("index.json").at("/manifests/0");
    Blob manifestBlob = intact(archive, archive.blob(descriptor));
    String manifestName = ArchiveMembers.name(manifestBlob.digest);
    JsonNode manifest = archive.json(manifestName);
    Blob configuration = intact(archive, archive.blob(manifest.path("config")));
    List<Blob> layers = new ArrayList<>();
    List<String> layerNames = new ArrayList<>();
    for (JsonNode layer : manifest.path("layers")) {
      Blob blob = archive.blob(layer);
      layerNames.add(ArchiveMembers.name(blob.digest));
      if (!layers.contains(blob)) {
        layers.add(layersToo ? intact(archive, blob) : blob);
      }
    }
    return new ArchiveReader(
        archive.file(),
        archive.document(manifestName),
        manifestBlob.digest,
        configuration,
        layers,
        dockerNames(archive, ArchiveMembers.name(configuration.digest), layerNames));
  }

  /** The names in docker's table of contents, which has to lead to the same image. */
  static List<String> dockerNames(ArchiveMembers archive, String configuration, List<String> layers)
      throws IOException {
    JsonNode docker = archive.json("manifest.json");
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

  /** The same blob, once its bytes are what their name says. */
  private static Blob intact(ArchiveMembers archive, Blob blob)
      throws IOException, IntegrityException {
    Sha256 actual = archive.actualDigest(blob);
    if (!actual.equals(blob.digest)) {
      throw new IntegrityException(
          "a blob in %s is damaged: expected sha256 %s, actual %s"
              .formatted(archive.file(), blob.digest, actual),
          "bake the image again");
    }
    return blob;
  }
}
