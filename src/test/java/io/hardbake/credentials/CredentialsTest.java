package io.hardbake.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sets of credentials, made, renewed and looked at. */
final class CredentialsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path scratch;

  private static Credentials at(Instant now) {
    return new Credentials(InstantSource.fixed(now), new SecureRandom());
  }

  private static CredentialRequest request(KeyKind kind) {
    return new CredentialRequest(
        CredentialRequest.DEFAULT_CONTROLLERS,
        CredentialRequest.DEFAULT_LOAD_BALANCER,
        List.of(),
        kind,
        CredentialRequest.DEFAULT_LEAF_VALIDITY);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsMadeIsSoundAndStaysSoWhenRenewed(KeyKind kind) throws Exception {
    Path directory = scratch.resolve("made");
    Inventory made = at(NOW).make(directory, request(kind));
    assertEquals(List.of(), made.problems());
    assertEquals(List.of(), made.warnings());

    Instant later = NOW.plus(Duration.ofDays(400));
    assertTrue(!at(later).inspect(directory).isSound(), "a year is over");
    Inventory renewed = at(later).renew(directory, Renewal.plain());
    assertEquals(List.of(), renewed.problems());
  }
}
