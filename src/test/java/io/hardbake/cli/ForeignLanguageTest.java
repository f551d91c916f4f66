package io.hardbake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.attestation.Keys;
import io.hardbake.engine.Subnet;
import io.hardbake.io.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A language with digits of its own, and another day, leave no trace: not even within this process,
 * where nothing sets them aside as {@link Main#main} does.
 */
@Isolated("changes the default locale and time zone")
final class ForeignLanguageTest {
  private final Locale locale = Locale.getDefault();
  private final TimeZone zone = TimeZone.getDefault();

  @TempDir private Path directory;

  private static void speakAnother() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
  }

  @AfterEach
  void speakOurs() {
    Locale.setDefault(locale);
    TimeZone.setDefault(zone);
  }

  /** Else the other tests could not fail. */
  @Test
  void digitsAreOthers() {
    speakAnother();
    assertEquals("\u0661\u0662", "%d".formatted(12));
  }

  @Test
  void leaveNoTraceInAnyOutput() throws Exception {
    Path key = Keys.ed25519(Files.createDirectories(directory.resolve("keys"))).secret();
    Path own = Files.createDirectories(directory.resolve("own"));
    try (TestProject project = TestProject.withMachines(own)) {
      NavigableMap<String, Sha256> ours = bake(project, key);
      speakAnother();
      NavigableMap<String, Sha256> theirs = bake(project, key);
      assertTrue(ours.containsKey("boxes/controller-amd64-virtualbox.box"), ours::toString);
      assertTrue(ours.containsKey("boxes/controller-amd64-virtualbox.box.intoto.jsonl"));
      assertEquals(ours.keySet(), theirs.keySet());
      theirs.entrySet().removeAll(ours.entrySet());
      assertEquals(Map.of(), theirs);
    }
  }

  @Test
  void addressesAreReadAgain() {
    speakAnother();
    String text = "10.240.1.0/24";
    assertEquals(text, Subnet.parse(text).orElseThrow().toString());
  }

  /** With the downloads in the store, and nothing worked out from them. */
  private static NavigableMap<String, Sha256> bake(TestProject project, Path key) throws Exception {
    Oracle.run("rm", "-rf", project.cache().resolve("derived").toString()).succeeded();
    Oracle.run("rm", "-rf", project.target().toString()).succeeded();
    project.run("bake", "--sign-key", key.toString()).succeeded();
    return project.results();
  }
}
