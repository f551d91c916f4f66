package io.hardbake.debian;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.debian.trust.TestKey;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.fetch.Download;
import io.hardbake.fetch.FetchSettings;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.Store;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.progress.RecordingProgress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianArchiveTest {
  private static final Instant NOW = TestArchive.NOW;

  @TempDir Path directory;
  private final RecordingProgress progress = new RecordingProgress();
  private TestArchive archive;
  private Store store;
  private Fetcher fetcher;

  @BeforeEach
  void build() throws Exception {
    archive = new TestArchive("bookworm");
    archive.add("Package: hello\nVersion: 1:2.0-1\n", Map.of("/usr/bin/hello", "hi"));
    archive.addSource("hello", "2.0", "source".getBytes(UTF_8));
    archive.publish();
    store = Store.open(directory.resolve("store"));
    FetchSettings hasty =
        new FetchSettings(
            false,
            2,
            1,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMillis(1),
            Map.of());
    fetcher = Fetcher.of(store, progress, hasty);
  }

  @AfterEach
  void stop() {
    archive.close();
  }

  private DebianArchive open() throws Exception {
    return DebianArchive.open(archive.settings(directory), fetcher, NOW);
  }

  @Test
  void leadsFromTheSignatureToTheFile() throws Exception {
    DebianArchive opened = open();
    BinaryPackage hello = opened.binaries().candidate("hello").orElseThrow();
    assertEquals("1:2.0-1", hello.version().toString());
    Path deb =
        fetcher.fetch(new Download("hello", hello.candidates(), hello.size(), hello.sha256()));
    assertEquals(hello.sha256(), Sha256.of(deb));
    assertEquals(NOW, opened.dates().get("bookworm"));
    assertTrue(archive.requests().stream().anyMatch(path -> path.contains("by-hash")));
  }

  @Test
  void readsSourcesOnlyWhenAsked() throws Exception {
    DebianArchive opened = open();
    assertFalse(archive.requests().stream().anyMatch(path -> path.contains("source")));
    SourcePackage hello = opened.sources().candidate("hello").orElseThrow();
    SourcePackage.SourceFile file = hello.files().get(0);
    assertEquals(Sha256.of("source".getBytes(UTF_8)), file.sha256());
    Path tarball =
        fetcher.fetch(
            new Download(file.name(), hello.candidates(file), file.size(), file.sha256()));
    assertArrayEquals("source".getBytes(UTF_8), Files.readAllBytes(tarball));
  }

  @Test
  void fallsBackFromTheHashToThePlainPath() throws Exception {
    archive.remove("by-hash");
    assertTrue(open().binaries().candidate("hello").isPresent());
  }

  @Test
  void goesOnToTheNextMirrorPastOneThatLies() throws Exception {
    try (TestArchive liar = new TestArchive("bookworm").publish()) {
      ArchiveSettings own = archive.settings(directory);
      List<URI> mirrors = List.of(liar.uri(), archive.uri());
      ArchiveSettings both =
          new ArchiveSettings(
              List.of(new Suite("bookworm", mirrors, 500)),
              List.of("main"),
              own.architecture(),
              own.keyring());
      BinaryPackage hello =
          DebianArchive.open(both, fetcher, NOW).binaries().candidate("hello").orElseThrow();
      assertEquals(List.of(archive.uri()), hello.origin().bases());
      List<String> warnings = progress.problems();
      assertEquals(1, warnings.size(), warnings::toString);
      assertTrue(warnings.get(0).contains(liar.uri().toString()), warnings::toString);
      assertTrue(warnings.get(0).contains("not in the keyring"), warnings::toString);
    }
  }

  @Test
  void refusesAForgedRelease() throws Exception {
    String inRelease = new String(archive.file(archive.dists("InRelease")), UTF_8);
    archive.replace(
        archive.dists("InRelease"),
        inRelease.replace("main/source", "main/sourze").getBytes(UTF_8));
    assertRefused(5, "not what it signed");
  }

  @Test
  void refusesAReleaseOfAnotherKey() throws Exception {
    byte[] foreign = TestKey.simple().clearSign("Codename: bookworm\n", NOW);
    archive.replace(archive.dists("InRelease"), foreign);
    assertRefused(5, "not in the keyring");
  }

  @Test
  void refusesAnErrorPage() throws Exception {
    archive.replace(archive.dists("InRelease"), "<html>Welcome!</html>".getBytes(UTF_8));
    assertRefused(5, "not a clear-signed file");
  }

  @Test
  void refusesATruncatedRelease() throws Exception {
    byte[] whole = archive.file(archive.dists("InRelease"));
    archive.replace(archive.dists("InRelease"), java.util.Arrays.copyOf(whole, whole.length - 60));
    assertRefused(5, "before its signature does");
  }

  @Test
  void refusesAnExpiredRelease() throws Exception {
    publishDated(NOW.minusSeconds(8 * 86400), NOW.minusSeconds(1));
    assertRefused(5, "expired");
  }

  @Test
  void refusesAReleaseOfTheFuture() throws Exception {
    publishDated(NOW.plusSeconds(3600), NOW.plusSeconds(86400));
    assertRefused(5, "dated");
  }

  private void publishDated(Instant date, Instant until) throws Exception {
    archive.publish(
        Map.of(
            "Codename",
            "bookworm",
            "Date",
            TestArchive.date(date),
            "Valid-Until",
            TestArchive.date(until)));
  }

  @Test
  void refusesAnotherSuitesRelease() throws Exception {
    archive.publish(Map.of("Codename", "sid", "Suite", "unstable", "Date", TestArchive.date(NOW)));
    assertRefused(5, "belongs to");
  }

  @Test
  void refusesWhatIsSignedButMalformed() throws Exception {
    archive.publish(Map.of("Codename", "bookworm", "Date", "yesterday"));
    assertRefused(5, "signed but malformed");
  }

  @Test
  void refusesAWrongIndex() throws Exception {
    archive.replaceAll("Packages.xz", TestArchive.xz("Package: evil\n".getBytes(UTF_8)));
    archive.remove("by-hash");
    assertRefused(5, "");
  }

  @Test
  void refusesATruncatedIndex() throws Exception {
    byte[] index = archive.file(archive.dists("main/binary-amd64/Packages.xz"));
    archive.replaceAll("Packages.xz", java.util.Arrays.copyOf(index, index.length - 7));
    archive.remove("by-hash");
    BakeException refused = assertThrows(BakeException.class, this::open);
    assertTrue(refused.exitCode() == 4 || refused.exitCode() == 5);
    assertStoreClean();
  }

  @Test
  void anAbsentArchiveIsUnreachable() throws Exception {
    archive.remove("");
    assertRefused(4, "");
  }

  @Test
  void refusesAFlippedByteInAPackage() throws Exception {
    BinaryPackage hello = open().binaries().candidate("hello").orElseThrow();
    byte[] deb = archive.file(hello.path());
    deb[deb.length / 2] ^= 1;
    archive.replace(hello.path(), deb);
    Download download = new Download("hello", hello.candidates(), hello.size(), hello.sha256());
    assertThrows(IntegrityException.class, () -> fetcher.fetch(download));
    assertTrue(store.find(hello.sha256()).isEmpty());
  }

  @Test
  void boundsDecompression() throws Exception {
    byte[] bomb = TestArchive.xz(new byte[1 << 20]);
    String path = "main/binary-amd64/Packages.xz";
    String release =
        "Codename: bookworm\nDate: %s\nSHA256:\n %s %d %s\n %s 1000 main/binary-amd64/Packages\n"
            .formatted(
                TestArchive.date(NOW),
                Sha256.of(bomb),
                bomb.length,
                path,
                Sha256.of(new byte[1 << 20]));
    archive.replace(archive.dists("InRelease"), archive.key().clearSign(release, NOW));
    archive.replace(archive.dists(path), bomb);
    IntegrityException refused = assertThrows(IntegrityException.class, this::open);
    assertTrue(refused.toString().contains(new Size(1000).toString()), refused.toString());
  }

  private void assertRefused(int exitCode, String because) throws Exception {
    BakeException refused = assertThrows(BakeException.class, this::open);
    assertEquals(exitCode, refused.exitCode(), refused.toString());
    assertTrue(refused.toString().contains(because), refused.toString());
    assertTrue(!refused.remedy().isBlank());
    assertStoreClean();
  }

  /** Nothing was kept, whole or in part. */
  private void assertStoreClean() throws IOException {
    try (Stream<Path> left = Files.walk(directory.resolve("store"))) {
      List<Path> files =
          left.filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().contains("lock"))
              .toList();
      assertEquals(List.of(), files);
    }
  }
}
