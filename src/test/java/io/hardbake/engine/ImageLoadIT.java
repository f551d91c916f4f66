package io.hardbake.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.Oracle;
import io.hardbake.failure.HostException;
import io.hardbake.failure.IntegrityException;
import io.hardbake.oci.BakedImage;
import io.hardbake.oci.ImageTools;
import io.hardbake.progress.Progress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real engine: the one that src/test/host/engine starts, or the host's own. */
class ImageLoadIT {
  private static final List<String> NAMES =
      List.of("hardbake/specimen:v1.18.6_x", "hardbake/specimen:latest");

  @TempDir Path directory;

  @Test
  void theEngineHasWhatWasBaked() throws Exception {
    requireEngine();
    BakedImage image = BakedImage.of(ImageTools.archive(directory));
    assertEquals("amd64", image.architecture());
    assertEquals(NAMES, image.names());
    try (Engine engine = Engine.connect(Optional.empty())) {
      assertEquals(Optional.empty(), engine.find(image));
      engine.load(image, Progress.silent());
      assertTrue(engine.find(image).isPresent());
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
    BakedImage image = BakedImage.of(ImageTools.tampered(ImageTools.archive(directory)));
    try (Engine engine = Engine.connect(Optional.empty())) {
      assertThrows(IntegrityException.class, () -> engine.load(image, Progress.silent()));
    }
    Oracle.run("docker", "image", "inspect", NAMES.get(0)).refused();
  }

  @Test
  void saysThatNoEngineAnswers() {
    Optional<URI> nowhere = Optional.of(URI.create("unix://" + directory.resolve("no.sock")));
    HostException e = assertThrows(HostException.class, () -> Engine.connect(nowhere));
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
