package io.hardbake.oci;

import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A layer in the cache: a gzip member and, behind it, a footer of fixed length with the two digests
 * that were computed on the way. One file holds both, so they cannot part.
 *
 * @param file the cache's file
 * @param name what people call the layer
 * @param size of the gzip member, from the file's beginning
 * @param digest of the gzip member: the blob's name
 * @param diffId digest of the tar inside: the layer's name in the image configuration
 */
record CompressedLayer(Path file, String name, Size size, Sha256 digest, Sha256 diffId) {
  private static final String FOOTER = "\nblob %s\ntar  %s\n";
  private static final Pattern FOOTER_FORM =
      Pattern.compile("\nblob ([0-9a-f]{64})\ntar  ([0-9a-f]{64})\n");
  private static final int FOOTER_BYTES = 2 * (6 + 64) + 1;

  static void writeFooter(OutputStream out, Sha256 digest, Sha256 diffId) throws IOException {
    out.write(FOOTER.formatted(digest, diffId).getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads the footer of a file in the cache. */
  static CompressedLayer read(Path file, String name) throws IOException, IntegrityException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size() - FOOTER_BYTES;
      if (size > 0) {
        ByteBuffer footer = ByteBuffer.allocate(FOOTER_BYTES);
        while (footer.hasRemaining() && channel.read(footer, size + footer.position()) >= 0) {}
        Matcher matcher =
            FOOTER_FORM.matcher(new String(footer.array(), StandardCharsets.US_ASCII));
        if (matcher.matches()) {
          return new CompressedLayer(
              file,
              name,
              new Size(size),
              new Sha256(matcher.group(1)),
              new Sha256(matcher.group(2)));
        }
      }
    }
    throw damaged(file, name);
  }

  static IntegrityException damaged(Path file, String name) {
    return new IntegrityException(
        "the compressed layer " + name + " in the cache is damaged: " + file,
        "run `hardbake cache verify`, which removes it, and bake again");
  }
}
