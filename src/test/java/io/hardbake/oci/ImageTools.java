package io.hardbake.oci;

import io.hardbake.image.BlankLedger;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the tests with oracles have in common. */
public final class ImageTools {
  private ImageTools() {}

  /** A whole archive of a small image for amd64. */
  public static Path archive(Path directory) throws Exception {
    Path cache = Files.createDirectories(directory.resolve("cache"));
    return new OciArchive(new DirectoryCache(cache), new BlankLedger(), Progress.silent(), 2)
        .emit(Specimen.image(), directory)
        .file();
  }

  /** A copy of the archive with one bit turned in the body of its largest blob. */
  public static Path tampered(Path archive) throws IOException {
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    return Files.write(archive.resolveSibling("tampered.oci.tar"), bytes);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
