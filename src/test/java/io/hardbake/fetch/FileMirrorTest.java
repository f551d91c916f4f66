package io.hardbake.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.failure.UnreachableException;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be read is refused at once: no second attempt finds it otherwise. */
@Timeout(20)
final class FileMirrorTest {
  @TempDir private Path root;
  @TempDir private Path directory;

  @Test
  void saysWhatToDoAboutAFileThatMayNotBeRead() throws Exception {
    Path file = Files.writeString(directory.resolve("a.deb"), "a");
    Files.setPosixFilePermissions(file, Set.of());
    // Root may read that all the same; but not this, which is for writing alone.
    Path unreadable = Files.isReadable(file) ? Path.of("/proc/sys/vm/compact_memory") : file;
    Oracle.require(
        Files.exists(unreadable) && !Files.isReadable(unreadable),
        "root may read all files here: run this on Linux, or not as root");

    assertTrue(refusal(unreadable, "permission denied").contains("chmod -R a+rX"));
  }

  @Test
  void saysWhatToDoAboutADirectoryInTheFilesPlace() throws Exception {
    assertTrue(refusal(directory, "it is a directory").contains("put the file in its place"));
  }

  /** The remedy. */
  private String refusal(Path file, String problem) throws Exception {
    FetchSettings slow =
        new FetchSettings(
            false,
            1,
            3,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            Map.of());
    Fetcher fetcher = Fetcher.of(Store.open(root), Progress.silent(), slow);
    Download download =
        new Download("a.deb", List.of(file.toUri()), new Size(1), Sha256.of(new byte[] {1}));
    UnreachableException e =
        assertThrows(UnreachableException.class, () -> fetcher.fetch(download));
    assertEquals("cannot fetch a.deb\n  " + file.toUri() + ": " + problem, e.getMessage());
    return e.remedy();
  }
}
