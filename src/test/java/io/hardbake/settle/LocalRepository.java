package io.hardbake.settle;

import io.hardbake.debian.BinaryPackage;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/**
 * An apt repository of exactly these packages, so that apt has no choice: a flat directory with
 * Packages and an unsigned Release.
 */
final class LocalRepository {
  private LocalRepository() {}

  static void write(Path directory, List<BinaryPackage> packages, List<Path> files)
      throws IOException {
    Files.createDirectories(directory);
    StringBuilder index = new StringBuilder();
    for (int i = 0; i < packages.size(); i++) {
      BinaryPackage one = packages.get(i);
      String name = one.name() + ".deb";
      Files.copy(files.get(i), directory.resolve(name));
      for (Map.Entry<String, String> field : one.paragraph().fields().entrySet()) {
        String value = field.getKey().equals("Filename") ? "./" + name : field.getValue();
        index.append(field.getKey()).append(value.startsWith("\n") ? ":" : ": ");
        index.append(value).append('\n');
      }
      index.append('\n');
    }
    Path file = Files.writeString(directory.resolve("Packages"), index);
    Files.writeString(
        directory.resolve("Release"),
        "Suite: bookworm\nCodename: bookworm\nDate: %s\nSHA256:\n %s %d Packages\n"
            .formatted(
                DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.now().atOffset(ZoneOffset.UTC)),
                Sha256.of(file),
                Files.size(file)));
  }

  /** One line for sources.list, with the directory as apt sees it. */
  static String source(String directory) {
    return "deb [trusted=yes] copy:" + directory + " ./";
  }
}
