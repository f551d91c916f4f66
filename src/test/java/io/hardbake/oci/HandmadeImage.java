package io.hardbake.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import io.hardbake.io.Bytes;
import io.hardbake.io.Sha256;
import io.hardbake.io.tar.TarHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** An image archive of layers that no writer of ours would write, with documents that fit them. */
public final class HandmadeImage {
  private static final String BLOBS = "blobs/sha256/";

  private final Map<String, byte[]> members = new LinkedHashMap<>();

  private HandmadeImage() {}

  private interface Compressor {
    byte[] compress(byte[] tar) throws IOException;
  }

  /** An image of these tars, from the bottom up. */
  public static HandmadeImage of(byte[]... tars) throws IOException {
    return of(HandmadeImage::gzip, tars);
  }

  /** An image of one layer, compressed with zstd, as other builders may do. */
  public static HandmadeImage ofZstd(byte[] tar) throws IOException {
    return of(Zstd::compress, tar);
  }

  private static HandmadeImage of(Compressor compressor, byte[]... tars) throws IOException {
    HandmadeImage image = new HandmadeImage();
    List<Map<String, Object>> layers = new ArrayList<>();
    List<String> diffIds = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (byte[] tar : tars) {
      Map<String, Object> layer = image.blob(compressor.compress(tar));
      layers.add(layer);
      names.add(name(layer));
      diffIds.add("sha256:" + Sha256.of(tar));
    }
    Map<String, Object> configuration =
        image.blob(
            json(
                Map.of(
                    "architecture",
                    "amd64",
                    "rootfs",
                    Map.of("type", "layers", "diff_ids", diffIds))));
    Map<String, Object> manifest =
        image.blob(json(Map.of("schemaVersion", 2, "config", configuration, "layers", layers)));
    image.members.put("index.json", json(Map.of("manifests", List.of(manifest))));
    image.members.put(
        "manifest.json",
        json(
            List.of(
                Map.of(
                    "Config", name(configuration),
                    "Layers", names,
                    "RepoTags", List.of("handmade:latest")))));
    return image;
  }

  /** An image with one layer whose blob is as given. */
  static HandmadeImage ofBlob(byte[] blob, byte[] tar) throws IOException {
    HandmadeImage image = of(tar);
    String name =
        image.members.keySet().stream().filter(each -> each.startsWith(BLOBS)).findFirst().get();
    image.members.put(name, blob);
    return image;
  }

  public Path write(Path file) throws IOException {
    return write(file, members);
  }

  /** Writes members as a tar. */
  static Path write(Path file, Map<String, byte[]> members) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    members.forEach(
        (name, body) -> {
          out.writeBytes(TarHeader.plain(name, TarHeader.FILE, 0644, body.length, 0).encode());
          out.writeBytes(body);
          out.writeBytes(new byte[TarHeader.padding(body.length)]);
        });
    out.writeBytes(new byte[2 * TarHeader.BLOCK]);
    return Files.write(file, out.toByteArray());
  }

  private Map<String, Object> blob(byte[] body) {
    String digest = Sha256.of(body).hex();
    members.put(BLOBS + digest, body);
    return Map.of("digest", "sha256:" + digest, "size", body.length);
  }

  private static String name(Map<String, Object> descriptor) {
    return BLOBS + String.valueOf(descriptor.get("digest")).substring("sha256:".length());
  }

  private static byte[] json(Object document) {
    Bytes bytes = CanonicalJson.write(document);
    return bytes.toArray();
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
