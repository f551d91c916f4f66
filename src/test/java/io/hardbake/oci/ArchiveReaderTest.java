package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.cloud.tools.jib.blob.Blobs;
import io.hardbake.failure.IntegrityException;
import io.hardbake.io.Sha256;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveReaderTest {
  @TempDir Path directory;
  private Path archive = Path.of("");

  @BeforeEach
  void makeArchive() throws Exception {
    archive = ImageTools.archive(directory);
  }

  @Test
  void findsWhatTheIndexLeadsTo() throws Exception {
    ArchiveReader image = ArchiveReader.open(archive);
    assertEquals(List.of("hardbake/specimen:v1.18.6_x", "hardbake/specimen:latest"), image.names());
    assertEquals(image.manifestDigest(), Sha256.of(image.manifest().toArray()));
    assertEquals(4, image.blobs().size());
    for (ArchiveReader.Blob blob : image.blobs()) {
      try (InputStream in = image.open(blob)) {
        byte[] bytes = in.readAllBytes();
        assertEquals(blob.size().bytes(), bytes.length);
        assertEquals(blob.digest(), Sha256.of(bytes));
      }
    }
  }

  @Test
  void theConfigurationTellsTheArchitecture() throws Exception {
    assertEquals("amd64", BakedImage.of(archive).architecture());
  }

  @Test
  void theManifestGoesOutAsItStands() throws Exception {
    ArchiveReader image = ArchiveReader.open(archive);
    byte[] sent = Blobs.writeToByteArray(Blobs.from(new RawManifest(image.manifest())));
    assertArrayEquals(image.manifest().toArray(), sent);
  }

  @Test
  void refusesAnyDamage() throws Exception {
    byte[] whole = Files.readAllBytes(archive);
    assertRefused(new byte[0]);
    assertRefused("no tar at all".getBytes(StandardCharsets.UTF_8));
    for (int length = 512; length < whole.length - 2048; length += whole.length / 20) {
      assertRefused(Arrays.copyOf(whole, length));
    }
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    for (String part :
        List.of("{\"manifests\"", "blobs/sha256/", "\"layers\":", "SIGRTMIN", "sha256:")) {
      byte[] damaged = whole.clone();
      damaged[text.indexOf(part) + 3] ^= 1;
      assertRefused(damaged);
    }
    assertRefused(Files.readAllBytes(ImageTools.tampered(archive)));
  }

  @Test
  void whoInterruptsItIsToldOfNoDamage() {
    Thread.currentThread().interrupt();
    try {
      assertThrows(InterruptedException.class, () -> ArchiveReader.open(archive));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  private void assertRefused(byte[] bytes) throws Exception {
    Path damaged = Files.write(directory.resolve("damaged.oci.tar"), bytes);
    IntegrityException e =
        assertThrows(IntegrityException.class, () -> ArchiveReader.open(damaged));
    assertTrue(e.getMessage() != null && e.getMessage().contains(damaged.toString()));
  }
}
