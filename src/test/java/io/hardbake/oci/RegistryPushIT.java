package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hardbake.Oracle;
import io.hardbake.failure.IntegrityException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import io.hardbake.oci.RegistryPush.Pushed;
import io.hardbake.oci.RegistryPush.Transport;
import io.hardbake.progress.Progress;
import io.hardbake.progress.RecordingProgress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real registry, and skopeo to say what it has. */
class RegistryPushIT {
  @TempDir Path directory;

  /** That were sent, because the registry did not have them. */
  private final AtomicInteger blobs = new AtomicInteger();

  @Test
  void theRegistryHasWhatWasBaked() throws Exception {
    Oracle.require("skopeo");
    Path archive = ImageTools.archive(directory);
    ArchiveReader image = ArchiveReader.open(archive);
    try (LocalRegistry registry = LocalRegistry.start(directory)) {
      String repository = registry.name() + "/team/specimen";
      Pushed pushed = push(Transport.PLAIN_ON_LOOPBACK).push(archive, repository);
      assertEquals(new Pushed(repository + ":v1.18.6_x", image.manifestDigest()), pushed);
      assertEquals(4, blobs.getAndSet(0));

      String raw = inspect("--raw", repository + ":v1.18.6_x").succeeded().stdout();
      assertEquals(image.manifestDigest(), Sha256.of(ImageTools.utf8(raw)));
      JsonNode seen = json(inspect("--no-tags", repository + ":v1.18.6_x"));
      assertEquals(3, seen.at("/Layers").size());
      for (int i = 0; i < 3; i++) {
        assertEquals("sha256:" + image.layers().get(i).digest(), seen.at("/Layers/" + i).asText());
      }
      JsonNode configuration = json(inspect("--config", repository + ":v1.18.6_x"));
      assertEquals("SIGRTMIN+3", configuration.at("/config/StopSignal").asText());
      // Copying pulls every blob and compares it with its digest.
      Oracle.run(
              "skopeo",
              "copy",
              "--src-tls-verify=false",
              "docker://" + repository + ":v1.18.6_x",
              "dir:" + directory.resolve("pulled"))
          .succeeded();

      Pushed again = push(Transport.PLAIN_ON_LOOPBACK).push(archive, repository + ":other");
      assertEquals(new Pushed(repository + ":other", image.manifestDigest()), again);
      assertEquals(0, blobs.get());
      inspect("--raw", repository + ":never").refused();
    }
  }

  @Test
  void aTamperedArchiveIsNotSent() throws Exception {
    Path tampered = ImageTools.tampered(ImageTools.archive(directory));
    try (LocalRegistry registry = LocalRegistry.start(directory)) {
      String target = registry.name() + "/team/specimen:tampered";
      assertThrows(
          IntegrityException.class, () -> push(Transport.PLAIN_ON_LOOPBACK).push(tampered, target));
      inspect("--raw", target).refused();
    }
  }

  @Test
  void plainHttpHasToBeAskedFor() throws Exception {
    Path archive = ImageTools.archive(directory);
    try (LocalRegistry registry = LocalRegistry.start(directory)) {
      String target = registry.name() + "/team/specimen:plain";
      UnreachableException e =
          assertThrows(
              UnreachableException.class, () -> push(Transport.SECURE).push(archive, target));
      assertTrue(e.remedy().contains("certificate"), e.remedy());
      inspect("--raw", target).refused();
    }
  }

  private RegistryPush push(Transport transport) {
    // Nobody's credentials: the configuration is looked for where there is none.
    Map<String, String> environment = Map.of("DOCKER_CONFIG", directory.toString());
    Progress progress =
        new RecordingProgress() {
          @Override
          public Task begin(String what, Size total) {
            blobs.incrementAndGet();
            return super.begin(what, total);
          }
        };
    return new RegistryPush(progress, transport, environment);
  }

  private static Oracle.Result inspect(String option, String reference) {
    return Oracle.run("skopeo", "inspect", "--tls-verify=false", option, "docker://" + reference);
  }

  private static JsonNode json(Oracle.Result result) throws Exception {
    return new ObjectMapper().readTree(result.succeeded().stdout());
  }
}
