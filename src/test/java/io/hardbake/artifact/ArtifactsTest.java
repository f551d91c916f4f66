package io.hardbake.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hardbake.debian.unpack.TarBuilder;
import io.hardbake.failure.BakeException;
import io.hardbake.failure.UsageException;
import io.hardbake.image.Manifest;
import io.hardbake.progress.Progress;
import io.hardbake.tree.AbsolutePath;
import io.hardbake.tree.FileTree;
import io.hardbake.tree.Provenance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ArtifactsTest {
  @TempDir private Path directory;

  @Test
  void tellsWhatAnImageSays() throws Exception {
    Path archive = new SmallImages(directory).archive();
    Path renamed = Files.move(archive, directory.resolve("no name.xyz"));
    try (Reading reading = Artifacts.read(renamed, Progress.silent())) {
      assertEquals(Kind.OCI, reading.kind());
      assertEquals(List.of(), reading.findings());
      assertEquals(SmallImages.tree().entries().keySet(), reading.root().entries().keySet());
      assertEquals(Provenance.UNKNOWN, provenance(reading, "/etc/conf"));
      assertEquals(
          List.of("later:amd64", "small:all"),
          List.copyOf(InstalledPackage.in(reading.root()).keySet()));
    }
  }

  @Test
  void takesProvenanceFromAManifest() throws Exception {
    FileTree.Builder known = SmallImages.tree().toBuilder();
    known.remove(AbsolutePath.of("/srv"));
    try (Reading reading =
        Artifacts.read(new SmallImages(directory).archive(), Progress.silent())
            .withProvenance(Manifest.of(known.freeze()))) {
      assertEquals(provenance(reading, "/bin/same"), SmallImages.META.provenance());
      assertEquals(provenance(reading, "/srv"), Provenance.UNKNOWN);
      Usage usage = Usage.of(reading.root(), 1);
      assertEquals(
          List.of("/var/lib/dpkg/status"),
          usage.largest().stream().map(each -> each.path().value()).toList());
      assertEquals(
          List.of("package:small=1.0-1", "unknown"),
          usage.shares().stream().map(each -> each.provenance().value()).toList());
      assertEquals(1, usage.shares().get(1).entries());
    }
  }

  private static Provenance provenance(Reading reading, String path) {
    return reading.root().get(AbsolutePath.of(path)).orElseThrow().meta().provenance();
  }

  @Test
  void tellsAllOfAPath() throws Exception {
    try (Reading reading =
        Artifacts.read(new SmallImages(directory).archive(), Progress.silent())) {
      Map<String, String> link = details(reading, "/etc/link");
      assertEquals("symlink", link.get("type"));
      assertEquals("conf", link.get("target"));
      assertEquals("/etc/conf", link.get("leads-to"));
      assertEquals("packages:small", link.get("layer"));
      Map<String, String> same = details(reading, "/bin/tool");
      assertEquals("0755", same.get("mode"));
      assertEquals("/bin/same", same.get("hardlink"));
      assertEquals("/bin/same /bin/tool", same.get("names"));
      assertEquals("01", details(reading, "/bin/ping").get("xattr.security.capability"));
      assertEquals("2", details(reading, "/etc").get("entries"));
      assertEquals("14", details(reading, "/etc").get("content"));
      assertTrue(PathDetails.of(reading, AbsolutePath.of("/nowhere")).isEmpty());
    }
  }

  private static Map<String, String> details(Reading reading, String path) {
    return PathDetails.of(reading, AbsolutePath.of(path)).orElseThrow().attributes();
  }

  static List<Arguments> strangers() {
    return List.of(
        arguments("empty", new byte[0]),
        arguments("\"hello wo\"", "hello world".getBytes(UTF_8)),
        arguments("gzip", new byte[] {0x1f, (byte) 0x8b, 8, 0}),
        arguments("neither", new TarBuilder().file("a", "x").build()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("strangers")
  void refusesWhatIsNoOutput(String reason, byte[] bytes) throws Exception {
    Path file = Files.write(directory.resolve("controller-amd64.oci.tar"), bytes);
    UsageException e =
        assertThrows(UsageException.class, () -> Artifacts.read(file, Progress.silent()));
    assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
    assertFalse(e.remedy().isEmpty());
  }

  @Test
  void refusesWhatIsNoFile() {
    for (Path file : List.of(directory, directory.resolve("nothing"))) {
      assertThrows(UsageException.class, () -> Artifacts.read(file, Progress.silent()));
    }
  }

  /** However an archive is cut or changed, reading it ends with a reading or a known failure. */
  @Test
  void failsInKnownWaysOnly() throws Exception {
    byte[] whole = Files.readAllBytes(new SmallImages(directory).archive());
    Random random = new Random(20241124);
    int refused = 0;
    for (int i = 0; i < 400; i++) {
      byte[] bytes =
          i % 4 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
      for (int flips = i % 4; flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Path file = Files.write(directory.resolve("damaged"), bytes);
      try (Reading reading = Artifacts.read(file, Progress.silent())) {
        InstalledPackage.in(reading.root());
      } catch (BakeException e) {
        refused++;
        assertTrue(e.exitCode() == 5 || e.exitCode() == 2, e::toString);
        assertFalse(e.remedy().isEmpty());
      }
    }
    assertTrue(refused > 100, "only " + refused + " refused");
  }
}
