package io.hardbake.oci;

import com.fasterxml.jackson.databind.JsonNode;
import io.hardbake.image.Finding;
import io.hardbake.io.Bytes;
import io.hardbake.io.JsonText;
import io.hardbake.io.Sha256;
import io.hardbake.io.tar.TarHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * All of an archive that no digest in it protects: headers, paddings, the index and docker's table
 * of contents. It follows from the manifest, the configuration and the image's name, so it is made
 * anew as {@link ArchiveWriter} makes it, and held against the archive byte by byte.
 */
public final class ArchiveFrame {
  private static final String RULE = "archive-frame";
  private static final String REMEDY = "copy or bake the image anew";
  private static final int MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;

  private final FileChannel channel;
  private final long mtime;
  private final List<Finding> findings = new ArrayList<>();
  private long at;

  private ArchiveFrame(FileChannel channel, long mtime) {
    this.channel = channel;
    this.mtime = mtime;
  }

  /** Where an archive differs from what is written for its documents. */
  public static List<Finding> check(Path archive) throws IOException {
    Source source;
    try {
      source = Source.of(ArchiveMembers.of(archive));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return List.of(finding("the documents", "they do not lead to each other: " + e.getMessage()));
    }
    try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ)) {
      ArchiveFrame frame = new ArchiveFrame(channel, source.created.getEpochSecond());
      frame.compare(source);
      return frame.findings;
    }
  }

  /** What the frame follows from. */
  private record Source(
      Bytes manifest,
      Bytes configuration,
      List<ArchiveReader.Blob> blobs,
      Bytes index,
      Bytes dockerManifest,
      Instant created) {

    static Source of(ArchiveMembers members) throws IOException {
      JsonNode descriptor = members.json("index.json").at("/manifests/0");
      Bytes manifest = members.document(ArchiveMembers.name(ArchiveMembers.digest(descriptor)));
      JsonNode root = json(manifest);
      ArchiveReader.Blob config = members.find(root.path("config"));
      Bytes configuration = members.document(ArchiveMembers.name(config.digest()));
      Set<ArchiveReader.Blob> blobs = new LinkedHashSet<>();
      blobs.add(members.find(descriptor));
      blobs.add(config);
      List<Sha256> layers = new ArrayList<>();
      for (JsonNode layer : root.path("layers")) {
        blobs.add(members.find(layer));
        layers.add(ArchiveMembers.digest(layer));
      }
      String[] name = members.json("manifest.json").at("/0/RepoTags/0").asText().split(":", -1);
      if (name.length != 2) {
        throw new IOException("manifest.json has no name for the image");
      }
      ImageName image = new ImageName(name[0], name[1]);
      JsonNode settings = json(configuration);
      return new Source(
          manifest,
          configuration,
          List.copyOf(blobs),
          ImageDocuments.indexOf(settings.path("architecture").asText(), image, manifest),
          ImageDocuments.dockerManifestOf(image, configuration, layers),
          Instant.parse(settings.path("created").asText()));
    }

    private static JsonNode json(Bytes document) throws IOException {
      return JsonText.parse(document.toArray());
    }
  }

  /** In the order of {@link ArchiveWriter}. */
  private void compare(Source source) throws IOException {
    member("oci-layout", ImageDocuments.layoutOfAll());
    member("index.json", source.index);
    member("manifest.json", source.dockerManifest);
    header("blobs/", TarHeader.DIRECTORY, DIRECTORY_MODE, 0);
    header(ImageDocuments.BLOBS, TarHeader.DIRECTORY, DIRECTORY_MODE, 0);
    for (ArchiveReader.Blob blob : source.blobs) {
      long size = blob.size().bytes();
      String name = ArchiveMembers.name(blob.digest());
      header(name, TarHeader.FILE, MODE, size);
      at += size; // its digest protects it
      bytes("the padding of " + name, new byte[TarHeader.padding(size)]);
    }
    bytes("the end", new byte[2 * TarHeader.BLOCK]);
    if (at != channel.size()) {
      findings.add(
          finding("the end", "the archive ends at %d instead of %d".formatted(channel.size(), at)));
    }
  }

  private void member(String name, Bytes body) throws IOException {
    header(name, TarHeader.FILE, MODE, body.length());
    bytes(name, body.toArray());
    bytes("the padding of " + name, new byte[TarHeader.padding(body.length())]);
  }

  private void header(String name, char type, int mode, long size) throws IOException {
    bytes("the header of " + name, TarHeader.plain(name, type, mode, size, mtime).encode());
  }

  private void bytes(String what, byte[] expected) throws IOException {
    byte[] actual = new byte[expected.length];
    ByteBuffer buffer = ByteBuffer.wrap(actual);
    while (buffer.hasRemaining()) {
      int n = channel.read(buffer, at + buffer.position());
      if (n < 0) {
        break;
      }
    }
    int difference = Arrays.mismatch(expected, actual);
    if (difference >= 0) {
      findings.add(
          finding(what, "it is not as it is written, from byte %d on".formatted(at + difference)));
    }
    at += expected.length;
  }

  private static Finding finding(String where, String problem) {
    return new Finding(RULE, where, problem, REMEDY);
  }
}
