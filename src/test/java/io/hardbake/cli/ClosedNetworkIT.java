package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.fetch.StoreLocation;
import io.hardbake.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real role from a copy that {@code mirror} made, where nothing helps: no network, a user without
 * rights, a home that cannot be written, the C locale, and letters in the path that this locale
 * does not know. The bytes are those of {@code make images}.
 */
final class ClosedNetworkIT {
  private static final String NOBODY = "65534";
  private static final String HOW = "bake from it with: ";
  private static final Path BAKED = Path.of("target").toAbsolutePath();

  @TempDir private Path directory;
  private Path copy;
  private Path home;

  @BeforeEach
  void prepare() throws IOException {
    Oracle.requireRoot();
    Oracle.require("unshare", "setpriv");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    copy = directory.resolve("copied elsewhere");
    // Not as it comes from a release: no git checkout, nothing but what a bake needs.
    home = Files.createDirectories(directory.resolve("m\u00fcnchen \u2603"));
    Files.createDirectories(home.resolve("target"));
    for (String part : List.of("hardbake", "images", "templates")) {
      Oracle.run("cp", "-r", part, home.toString()).succeeded();
    }
    Oracle.run("cp", "-r", "target/hardbake.jar", "target/lib", home + "/target").succeeded();
  }

  @Test
  void aRoleFromACopyEqualsTheOneFromTheNetwork() throws Exception {
    String said =
        Oracle.run(
                List.of("./hardbake", "mirror", "--out", copy.toString(), "loadbalancer"),
                Duration.ofMinutes(5),
                Map.of())
            .succeeded()
            .stdout();
    Oracle.run("chmod", "-R", "a+rX", directory.toString()).succeeded();
    String how = said.lines().filter(line -> line.startsWith(HOW)).findFirst().orElse("");
    assertTrue(how.contains("--mirror"), said);
    Path output = Files.createDirectory(directory.resolve("result"));
    giveBinaries(output.resolve("cache"));
    Oracle.run("chown", "-R", NOBODY + ":" + NOBODY, output.toString()).succeeded();

    Oracle.Result result = apart(how.substring(HOW.length()), output).succeeded();

    assertTrue(result.stderr().contains("so what is fetched is kept in"), result::toString);
    assertEquals(digests(BAKED), digests(output));
  }

  /**
   * Minutes of compiling, which other tests do, are spared: the binaries are there, as an earlier
   * bake from source left them. All else comes from the copy.
   */
  private static void giveBinaries(Path store) throws IOException {
    Path known = StoreLocation.usual(System.getenv());
    Path references = known.resolve("derived/kubernetes");
    if (Files.isDirectory(references)) {
      try (Stream<Path> files = Files.walk(references)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          take(known, store, known.relativize(file));
          String digest = Files.readString(file).strip();
          take(known, store, Path.of("sha256", digest.substring(0, 2), digest));
        }
      }
    }
  }

  private static void take(Path from, Path to, Path file) throws IOException {
    Files.createDirectories(to.resolve(file).getParent());
    Files.copy(from.resolve(file), to.resolve(file));
  }

  private Oracle.Result apart(String options, Path output) throws IOException {
    Path readOnly = Files.createDirectory(directory.resolve("home"));
    Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
    List<String> command = new ArrayList<>(List.of("unshare", "--net"));
    command.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
    command.addAll(List.of("env", "-i", "LC_ALL=C", "HOME=" + readOnly));
    command.add("PATH=" + System.getenv("PATH"));
    command.add("JAVA_HOME=" + System.getProperty("java.home"));
    // What was said goes to a shell as it is, like a person's copy of it.
    String line = "cd \"$0\" && exec ./hardbake bake %s \"$@\"".formatted(options);
    command.addAll(List.of("sh", "-c", line, home.toString()));
    command.addAll(List.of("--locked", "--quiet", "--output", output.toString(), "loadbalancer"));
    return Oracle.run(command, Duration.ofMinutes(10), Map.of());
  }

  /** What is baked of the role for this architecture, but for the report. */
  private static NavigableMap<String, Sha256> digests(Path output) throws IOException {
    NavigableMap<String, Sha256> digests = new TreeMap<>();
    for (String room : List.of("images", "disks", "boxes", "manifests", "sbom")) {
      Oracle.require(Files.isDirectory(output.resolve(room)), room + " is missing: make images");
      try (Stream<Path> files = Files.list(output.resolve(room))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = String.valueOf(file.getFileName());
          if (name.startsWith("loadbalancer-amd64") || name.equals("loadbalancer.json")) {
            digests.put(room + "/" + name, Sha256.of(file));
          }
        }
      }
    }
    return digests;
  }
}
