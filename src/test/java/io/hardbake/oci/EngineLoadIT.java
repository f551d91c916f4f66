package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.progress.Progress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real engine: the one that src/test/host/engine starts, or the host's own. */
class EngineLoadIT {
  private static final List<String> NAMES =
      List.of("hardbake/specimen:v1.18.6_x", "hardbake/specimen:latest");

  @TempDir Path directory;

  @Test
  void theEngineHasWhatWasBaked() throws Exception {
    requireEngine();
    Path archive = ImageTools.archive(directory);
    try {
      EngineLoad.Loaded loaded = new EngineLoad(Progress.silent()).load(archive);
      assertEquals(NAMES, loaded.names());
      String format = "--format={{.Config.StopSignal}} {{.Config.Cmd}} {{len .RootFS.Layers}}";
      assertEquals(
          "SIGRTMIN+3 [/sbin/init] 3",
          Oracle.run("docker", "image", "inspect", format, NAMES.get(0))
              .succeeded()
              .stdout()
              .strip());
    } finally {
      removeImages();
    }
  }

  @Test
  void aTamperedArchiveIsNotSent() throws Exception {
    requireEngine();
    Path tampered = ImageTools.tampered(ImageTools.archive(directory));
    assertThrows(IntegrityException.class, () -> new EngineLoad(Progress.silent()).load(tampered));
    Oracle.run("docker", "image", "inspect", NAMES.get(0)).refused();
  }

  @Test
  void saysThatNoEngineAnswers() throws Exception {
    Path archive = ImageTools.archive(directory);
    Optional<URI> nowhere = Optional.of(URI.create("unix://" + directory.resolve("no.sock")));
    HostException e =
        assertThrows(
            HostException.class, () -> new EngineLoad(Progress.silent(), nowhere).load(archive));
    assertEquals(7, e.exitCode());
    assertTrue(e.remedy().contains("DOCKER_HOST"), e.remedy());
  }

  private static void requireEngine() {
    Oracle.require("docker");
    Oracle.require(
        Oracle.run("docker", "info").exitCode() == 0,
        "no container engine answers: run src/test/host/engine start");
  }

  private static void removeImages() {
    NAMES.forEach(name -> Oracle.run("docker", "image", "rm", "--force", name));
  }
}
