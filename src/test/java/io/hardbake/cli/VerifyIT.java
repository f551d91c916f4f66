package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.Oracle;
import io.hardbake.attestation.Envelope;
import io.hardbake.attestation.Keys;
import io.hardbake.attestation.SigningKey;
import io.hardbake.hygiene.Rule;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What `make images` baked. */
final class VerifyIT {
  private static final Path TARGET = Path.of("target");

  @TempDir private Path directory;

  @Test
  void allThatWasBakedIsSoundAndWhoMadeItIsKnown() throws Exception {
    Keys keys = Keys.ed25519(directory);
    Path house = signed(SigningKey.read(keys.secret()));
    List<String> files = new ArrayList<>(List.of("--key", keys.open().toString()));
    try (Stream<Path> all = Files.walk(house)) {
      all.filter(Files::isRegularFile).map(Path::toString).sorted().forEach(files::add);
    }
    files.add("images/hardbake.lock");
    TestProject.Outcome outcome = verify(files).succeeded();
    List<String> lines = outcome.out().lines().toList();
    assertEquals(files.size() - 2, lines.size(), outcome::toString);
    assertTrue(lines.stream().allMatch(line -> line.contains(": sound: ")), outcome::toString);
    assertTrue(lines.stream().noneMatch(line -> line.contains("no manifest")), outcome::toString);
    assertTrue(lines.stream().noneMatch(line -> line.contains("SBOM: none")), outcome::toString);
    String thorough = " packages, SBOM, " + Rule.values().length + " rules, ";
    List<String> images = lines.stream().filter(line -> line.contains(thorough)).toList();
    assertEquals(named("artifacts").size(), images.size(), outcome::toString);
    assertTrue(images.stream().allMatch(line -> line.contains(", signature")), outcome::toString);
  }

  /**
   * What the last bake wrote, by links, with an envelope for each statement: a bake would write the
   * same. What else lies there, of an earlier bake or another architecture, is nobody's concern.
   */
  private Path signed(SigningKey key) throws Exception {
    Path house = directory.resolve("signed");
    List<String> baked = new ArrayList<>(named("artifacts"));
    assertTrue(baked.contains("controller-amd64-virtualbox.box"), "bake.json: make images");
    baked.addAll(named("documents"));
    baked.addAll(named("role").stream().map(role -> role + ".json").toList());
    for (String name : baked) {
      Path file = find(name);
      Path link = house.resolve(TARGET.relativize(file));
      Files.createDirectories(link.getParent());
      Files.createSymbolicLink(link, file.toAbsolutePath());
      if (name.endsWith(".intoto.json")) {
        Envelope envelope = Envelope.sign(Files.readAllBytes(file), key);
        Files.write(link.resolveSibling(name + "l"), envelope.json());
      }
    }
    Path report = TARGET.resolve("bake.json");
    Files.createSymbolicLink(house.resolve("bake.json"), report.toAbsolutePath());
    return house;
  }

  /** What the report has of each role: its name, or the names of files. */
  private static List<String> named(String what) throws IOException {
    Path report = TARGET.resolve("bake.json");
    Oracle.require(Files.exists(report), report + " is missing: make images");
    Set<String> names = new TreeSet<>();
    for (JsonNode role : new ObjectMapper().readTree(report.toFile()).get("roles")) {
      JsonNode value = role.get(what);
      if (value.isTextual()) {
        names.add(value.asText());
      }
      value.forEach(file -> names.add(file.get("file").asText()));
    }
    return List.copyOf(names);
  }

  private static Path find(String name) {
    return Stream.of("images", "disks", "boxes", "manifests", "sbom")
        .map(room -> TARGET.resolve(room).resolve(name))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is in bake.json, and not in " + TARGET));
  }

  /** With nothing beside it but the manifest, as many people keep a disk. */
  @ParameterizedTest
  @ValueSource(strings = {"images/loadbalancer-amd64.oci.tar", "disks/loadbalancer-amd64.qcow2"})
  void aChangedBitIsFound(String name) throws Exception {
    Path whole = TARGET.resolve(name);
    Oracle.require(Files.exists(whole), whole + " is missing: make images");
    Path copy = directory.resolve(name);
    Files.createDirectories(copy.getParent());
    Files.copy(whole, copy);
    String stem = name.startsWith("disks") ? "loadbalancer-amd64-disk" : "loadbalancer-amd64";
    Path manifest = TARGET.resolve("manifests/" + stem + ".txt");
    flip(copy, Files.size(copy) / 3);
    TestProject.Outcome outcome =
        verify(List.of("--manifest", manifest.toString(), copy.toString()));
    outcome.failed(5);
    assertTrue(outcome.out().startsWith("V0"), outcome::toString);
  }

  private static void flip(Path file, long place) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(place);
      int old = bytes.read();
      bytes.seek(place);
      bytes.write(old ^ 0x10);
    }
  }

  private static TestProject.Outcome verify(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("verify"));
    all.addAll(arguments);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            all.toArray(String[]::new),
            Map.of(),
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    return new TestProject.Outcome(code, out.toString(), err.toString());
  }
}
