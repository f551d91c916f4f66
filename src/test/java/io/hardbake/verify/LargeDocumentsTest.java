package io.hardbake.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.failure.IntegrityException;
import io.hardbake.hygiene.Allowed;
import io.hardbake.io.Size;
import io.hardbake.progress.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents of 65 MiB, nearly all of them a hole, are not read. */
final class LargeDocumentsTest {
  @TempDir private Path directory;

  private Path sparse(String name, String beginning) throws IOException {
    Path file = directory.resolve(name);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(beginning.getBytes(US_ASCII)));
      out.write(ByteBuffer.wrap(new byte[1]), Size.mib(65).bytes());
    }
    return file;
  }

  @ParameterizedTest
  @CsvSource({
    "controller-amd64.oci.tar.intoto.json, {",
    "controller-amd64.txt, /",
    "controller-amd64.cdx.json, {"
  })
  void theyAreAFinding(String name, String beginning) throws Exception {
    Path file = sparse(name, beginning);
    Verifier.Wishes wishes =
        new Verifier.Wishes(
            Allowed.ofRoles(), Optional.empty(), Optional.empty(), Optional.empty(), 1);
    Verification verification = new Verifier(wishes, Progress.silent()).verify(file);
    assertEquals(
        List.of(Check.V09.finding(name, "is larger than 64.0 MiB")), verification.findings());
  }

  @Test
  void neitherIsAStatementReadForItsArtifact() throws Exception {
    Path file = sparse("controller-amd64.oci.tar.intoto.json", "{");
    IntegrityException e =
        assertThrows(IntegrityException.class, () -> StatementDocument.read(file));
    assertTrue(String.valueOf(e.getMessage()).endsWith("it is larger than 64.0 MiB"), e::toString);
  }
}
