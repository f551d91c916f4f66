package io.hardbake.bake;

import io.hardbake.failure.BakeException;
import io.hardbake.fetch.Store;
import io.hardbake.image.Artifact;
import io.hardbake.image.Ledger;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps in the store what was written where, and what the file system said of the file then. While
 * it still says so, the file counts as it was written, as the store's own files do: none is read.
 */
final class StoreLedger implements Ledger {
  private static final String KIND = "artifact";
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18}) ([0-9a-f]{64})\n");

  private final Store store;

  StoreLedger(Store store) {
    this.store = store;
  }

  @Override
  public Artifact artifact(Path file, String key, Writer writer)
      throws IOException, BakeException, InterruptedException {
    Optional<String> seal = Store.sealOf(file);
    if (seal.isPresent()) {
      Optional<Path> note = store.known(KIND, line(file, key, seal.get()));
      Optional<Artifact> standing =
          note.isPresent() ? decode(file, Files.readString(note.get())) : Optional.empty();
      if (standing.isPresent()) {
        return standing.get();
      }
    }
    // Else another bake might put its own file there just before the seal is looked at.
    Closeable alone = store.alone("artifact " + file.toAbsolutePath().normalize());
    try (alone) {
      Artifact written = writer.write();
      Optional<String> fresh = Store.sealOf(file);
      if (fresh.isPresent() && store.isWritable()) {
        store.derived(KIND, line(file, key, fresh.get()), out -> out.write(encode(written)));
      }
      return written;
    }
  }

  private static String line(Path file, String key, String seal) {
    return "%s\n%s\n%s".formatted(key, file.toAbsolutePath().normalize(), seal);
  }

  private static byte[] encode(Artifact artifact) {
    return String.format(Locale.ROOT, "%d %s\n", artifact.size().bytes(), artifact.sha256())
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static Optional<Artifact> decode(Path file, String note) {
    Matcher matcher = FORM.matcher(note);
    return matcher.matches()
        ? Optional.of(
            new Artifact(
                file, new Size(Long.parseLong(matcher.group(1))), new Sha256(matcher.group(2))))
        : Optional.empty();
  }
}
