package io.hardbake.kubernetes;

import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.kubernetes.build.DebianBuild;
import io.hardbake.tree.Content;
import io.hardbake.tree.FileSlice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How the four binaries are kept in the store: one file, so that they are there together or not at
 * all.
 *
 * <pre>
 *   the bodies, end to end
 *   the index: UTF-8 lines "version v1.18.6", "input NAME DIGEST", "binary NAME OFFSET SIZE SHA256", …
 *   the index's length: 8 bytes, big-endian
 *   "HBKUBE1\n"
 * </pre>
 *
 * The store watches over damage, so the digests in the index are taken at their word.
 */
final class BinaryPack {
  private static final byte[] MAGIC = "HBKUBE1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int TRAILER_BYTES = Long.BYTES + MAGIC.length;
  private static final Size INDEX_LIMIT = Size.mib(1);

  /** What the store calls packs of this kind. */
  static final String KIND = "kubernetes";

  private BinaryPack() {}

  /** By what the store finds a pack: all that its bytes depend on. */
  static String key(
      KubernetesRequest.Choice source,
      Architecture architecture,
      SortedMap<String, String> inputs) {
    StringBuilder key = new StringBuilder("pack 1, " + source + " " + architecture);
    if (source == KubernetesRequest.Choice.DEBIAN_SOURCE) {
      key.append(", build " + DebianBuild.RECIPE);
    }
    inputs.forEach((name, digest) -> key.append("\n" + name + " " + digest));
    return key.toString();
  }

  /** What a pack says of its binaries; see {@link KubernetesBinaries}. */
  record Label(
      KubernetesVersion version,
      Architecture architecture,
      KubernetesRequest.Choice source,
      String origin,
      SortedMap<String, String> inputs) {}

  /** Writes a pack of {@link KubernetesBinaries#NAMES} out of {@code directory}. */
  static void write(OutputStream out, Label label, Path directory) throws IOException {
    StringBuilder index = new StringBuilder();
    index.append("version ").append(label.version()).append('\n');
    index.append("architecture ").append(label.architecture()).append('\n');
    index.append("source ").append(label.source()).append('\n');
    index.append("origin ").append(label.origin()).append('\n');
    label.inputs().forEach((name, digest) -> index.append("input " + name + " " + digest + "\n"));
    long offset = 0;
    for (String name : KubernetesBinaries.NAMES) {
      MessageDigest digest = Sha256.newDigest();
      // Not closed: the stream below belongs to the caller.
      long size = Files.copy(directory.resolve(name), new DigestOutputStream(out, digest));
      index.append("binary " + name + " " + offset + " " + size + " ").append(Sha256.of(digest));
      index.append('\n');
      offset = Math.addExact(offset, size);
    }
    byte[] bytes = index.toString().getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    out.write(ByteBuffer.allocate(Long.BYTES).putLong(bytes.length).array());
    out.write(MAGIC);
  }

  /** Reads the index; the bodies stay where they are. */
  static KubernetesBinaries open(Path pack) throws IOException {
    Map<String, String> words = new TreeMap<>();
    SortedMap<String, String> inputs = new TreeMap<>();
    SortedMap<String, Content> binaries = new TreeMap<>();
    for (String line : index(pack)) {
      String[] part = line.split(" ", -1);
      switch (part[0]) {
        case "input" -> inputs.put(part[1], part[2]);
        case "binary" ->
            binaries.put(
                part[1],
                new FileSlice(
                    pack,
                    Long.parseLong(part[2]),
                    new Size(Long.parseLong(part[3])),
                    new Sha256(part[4])));
        default -> words.put(part[0], line.substring(part[0].length() + 1));
      }
    }
    return new KubernetesBinaries(
        KubernetesVersion.of(word(words, "version")),
        architecture(word(words, "architecture")),
        source(word(words, "source")),
        word(words, "origin"),
        inputs,
        binaries);
  }

  private static List<String> index(Path pack) throws IOException {
    try (FileChannel channel = FileChannel.open(pack)) {
      long end = channel.size() - TRAILER_BYTES;
      ByteBuffer trailer = read(channel, end, TRAILER_BYTES);
      long length = trailer.getLong();
      byte[] magic = new byte[MAGIC.length];
      trailer.get(magic);
      if (!Arrays.equals(magic, MAGIC) || length < 0 || length > INDEX_LIMIT.bytes()) {
        throw new IOException(pack + " is no pack of Kubernetes binaries");
      }
      ByteBuffer index = read(channel, end - length, Math.toIntExact(length));
      return StandardCharsets.UTF_8.decode(index).toString().lines().toList();
    }
  }

  private static ByteBuffer read(FileChannel channel, long position, int length)
      throws IOException {
    if (position < 0) {
      throw new IOException("the pack of Kubernetes binaries is truncated");
    }
    ByteBuffer buffer = ByteBuffer.allocate(length);
    InputStream in = Channels.newInputStream(channel.position(position));
    if (in.readNBytes(buffer.array(), 0, length) < length) {
      throw new IOException("the pack of Kubernetes binaries is truncated");
    }
    return buffer;
  }

  private static String word(Map<String, String> words, String key) throws IOException {
    String word = words.get(key);
    if (word == null) {
      throw new IOException("a pack of Kubernetes binaries without " + key);
    }
    return word;
  }

  private static Architecture architecture(String name) throws IOException {
    return Architecture.named(name)
        .orElseThrow(() -> new IOException("a pack of Kubernetes binaries for " + name));
  }

  private static KubernetesRequest.Choice source(String name) throws IOException {
    for (KubernetesRequest.Choice choice : KubernetesRequest.Choice.values()) {
      if (choice.toString().equals(name)) {
        return choice;
      }
    }
    throw new IOException("a pack of Kubernetes binaries from " + name);
  }
}
