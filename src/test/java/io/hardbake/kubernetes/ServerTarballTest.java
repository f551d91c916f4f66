package io.hardbake.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.image.Architecture;
import io.hardbake.io.WriteFailure;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class ServerTarballTest {
  @TempDir private Path directory;

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsNamed() throws Exception {
    Path kubectl = directory.resolve("kubectl");
    Files.createSymbolicLink(kubectl, Path.of("/dev/full"));
    InputStream tarball =
        new ByteArrayInputStream(Fakes.tarball(Fakes.binaries(Architecture.AMD64)));
    WriteFailure e =
        assertThrows(
            WriteFailure.class, () -> ServerTarball.extract(tarball, "the tarball", directory));
    assertEquals(kubectl.toString(), e.getFile());
    assertTrue(String.valueOf(e.getReason()).contains("No space left"), e.getReason());
  }

  /** Who sends is to blame then, and asked again. */
  @Test
  void aSenderThatFailsIsNotTheDisk() {
    InputStream broken =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("connection reset");
          }
        };
    IOException e =
        assertThrows(
            IOException.class, () -> ServerTarball.write(broken, directory.resolve("kubectl")));
    assertEquals("connection reset", e.getMessage());
  }
}
