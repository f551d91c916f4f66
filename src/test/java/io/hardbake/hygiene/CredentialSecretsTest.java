package io.hardbake.hygiene;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardbake.credentials.CredentialFile;
import io.hardbake.credentials.CredentialRequest;
import io.hardbake.credentials.Credentials;
import io.hardbake.credentials.KeyKind;
import io.hardbake.tree.Content;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cluster's own credentials are found wherever they were baked, and nothing else of them. */
final class CredentialSecretsTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void theSecretOnesAreFound(KeyKind kind) throws Exception {
    Path credentials = directory.resolve("credentials");
    Credentials.ofThisMachine()
        .make(
            credentials,
            new CredentialRequest(
                CredentialRequest.DEFAULT_CONTROLLERS,
                CredentialRequest.DEFAULT_LOAD_BALANCER,
                List.of(),
                kind,
                CredentialRequest.DEFAULT_LEAF_VALIDITY));
    SecretScanner scanner = new SecretScanner();
    Set<CredentialFile> expected = EnumSet.noneOf(CredentialFile.class);
    Set<CredentialFile> plain = EnumSet.noneOf(CredentialFile.class);
    Set<CredentialFile> packed = EnumSet.noneOf(CredentialFile.class);
    for (CredentialFile file : CredentialFile.values()) {
      byte[] content = Files.readAllBytes(credentials.resolve(file.fileName()));
      if (file.isSecret()) {
        expected.add(file);
      }
      if (!scanner.scan(Content.of(content)).isEmpty()) {
        plain.add(file);
      }
      ByteArrayOutputStream gzip = new ByteArrayOutputStream();
      try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
        out.write(content);
      }
      if (!scanner.scan(Content.of(gzip.toByteArray())).isEmpty()) {
        packed.add(file);
      }
    }
    assertEquals(expected, plain);
    assertEquals(expected, packed);
  }
}
