package io.hardbake.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.debian.HostArchive;
import io.hardbake.debian.unpack.Unpacker;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.fetch.FetchSettings;
import io.hardbake.fetch.Fetcher;
import io.hardbake.fetch.Store;
import io.hardbake.fetch.StoreLocation;
import io.hardbake.image.Architecture;
import io.hardbake.io.Sha256;
import io.hardbake.kubernetes.build.BuildInputs;
import io.hardbake.kubernetes.build.DebianBuild;
import io.hardbake.progress.Progress;
import io.hardbake.tree.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles the real thing, in the user's own store: minutes at first, an instant later, as for any
 * bake.
 */
final class DebianSourceIT {
  private static final KubernetesVersion WANTED = KubernetesVersion.of("v1.18.6");

  @TempDir Path directory;
  private Store store;
  private Fetcher fetcher;

  @BeforeEach
  void open() throws IOException {
    store = Store.open(StoreLocation.usual(System.getenv()));
    fetcher = Fetcher.of(store, Progress.silent(), FetchSettings.of(System.getenv()));
  }

  @Test
  void isWhatItSaysItIs() throws Exception {
    Oracle.require("readelf");
    Architecture host = DebianBuild.hostArchitecture();
    KubernetesBinaries binaries = obtain(host);

    assertEquals("v1.20.2", binaries.version().toString());
    assertTrue(
        binaries.origin().startsWith("Debian source package kubernetes 1.20.5+really1.20.2"));
    for (String name : KubernetesBinaries.NAMES) {
      Path file = write(binaries, name);
      assertMachine(file, host);
      List<String> ask =
          name.equals("kubectl")
              ? List.of(file.toString(), "version", "--client", "--short")
              : List.of(file.toString(), "--version");
      String said = Oracle.run(ask).succeeded().stdout();
      assertTrue(said.strip().endsWith(" v1.20.2"), said);
    }
    String full =
        Oracle.run(directory.resolve("kubectl").toString(), "version", "--client", "-o", "json")
            .succeeded()
            .stdout();
    assertTrue(full.contains("\"gitCommit\": \"faecb196815e248d3ecfb03c680a4507229c2a56\""), full);
    assertTrue(full.contains("\"buildDate\": \"2021-01-13T"), full);
    Oracle.run(directory.resolve("kubectl").toString(), "version", "--no-such-flag").refused();
  }

  /** Compiled on this host for another machine: only its ELF header can be asked. */
  @Test
  @EnabledIfSystemProperty(named = "hardbake.slow", matches = "true")
  void compilesForTheOtherArchitecture() throws Exception {
    Oracle.require("readelf");
    for (Architecture architecture : Architecture.values()) {
      KubernetesBinaries binaries = obtain(architecture);
      for (String name : KubernetesBinaries.NAMES) {
        assertMachine(write(binaries, name), architecture);
      }
    }
  }

  /** What the store has against a new build elsewhere, with another number of jobs. */
  @Test
  @EnabledIfSystemProperty(named = "hardbake.slow", matches = "true")
  void givesEqualBytesInAnotherDirectory() throws Exception {
    Architecture host = DebianBuild.hostArchitecture();
    SortedMap<String, Sha256> stored = new TreeMap<>();
    obtain(host).binaries().forEach((name, content) -> stored.put(name, content.sha256()));

    Path results = Files.createDirectory(directory.resolve("results"));
    new DebianBuild(
            fetcher::fetchAll,
            new Unpacker(store),
            directory.resolve("quite/another place"),
            3,
            Progress.silent())
        .compile(inputs(host), host, KubernetesBinaries.NAMES, results);

    SortedMap<String, Sha256> rebuilt = new TreeMap<>();
    for (String name : KubernetesBinaries.NAMES) {
      rebuilt.put(name, Sha256.of(results.resolve(name)));
    }
    assertEquals(stored, rebuilt);
  }

  private KubernetesBinaries obtain(Architecture architecture)
      throws IOException, BakeException, InterruptedException {
    Architecture host = DebianBuild.hostArchitecture();
    return KubernetesSources.of(
            store, fetcher, directory.resolve("scratch"), () -> inputs(host), Progress.silent())
        .obtain(
            Fakes.request(WANTED, architecture).withChoice(KubernetesRequest.Choice.DEBIAN_SOURCE));
  }

  private BuildInputs inputs(Architecture host) throws BakeException, InterruptedException {
    try {
      return BuildInputs.of(HostArchive.open(host, fetcher));
    } catch (UnreachableException e) {
      Oracle.require(false, "no Debian mirror answers: " + e.getMessage());
      throw e;
    }
  }

  private Path write(KubernetesBinaries binaries, String name) throws IOException {
    Path file = directory.resolve(name);
    Content content = binaries.binaries().getOrDefault(name, Content.of(""));
    Files.deleteIfExists(file);
    try (InputStream in = content.open()) {
      Files.copy(in, file);
    }
    assertEquals(content.sha256(), Sha256.of(file));
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  private static void assertMachine(Path file, Architecture architecture) {
    Map<Architecture, String> words =
        Map.of(Architecture.AMD64, "Advanced Micro Devices X86-64", Architecture.ARM64, "AArch64");
    String header = Oracle.run("readelf", "-h", file.toString()).succeeded().stdout();
    words.forEach(
        (each, word) -> assertEquals(each == architecture, header.contains(word), header));
    // Static: it runs in an image whatever libraries are there.
    assertFalse(
        Oracle.run("readelf", "-l", file.toString()).succeeded().stdout().contains("INTERP"));
  }
}
