package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.failure.HostException;
import io.hardbake.failure.UnreachableException;
import io.hardbake.failure.UsageException;
import io.hardbake.oci.RegistryPush.Transport;
import io.hardbake.progress.Progress;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryPushTest {
  @TempDir Path directory;
  private Path archive = Path.of("");

  @BeforeEach
  void makeArchive() throws Exception {
    archive = ImageTools.archive(directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:5000/UPPER",
        "localhost:5000/a b",
        "localhost:5000/a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "192.0.2.1:5000/team/specimen"
      })
  void refusesATargetThatCannotBe(String reference) {
    assertThrows(
        UsageException.class, () -> push(Transport.PLAIN_ON_LOOPBACK).push(archive, reference));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void saysAtOnceThatNobodyAnswers(Transport transport) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    UnreachableException e =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(30),
            () ->
                assertThrows(
                    UnreachableException.class,
                    () -> push(transport).push(archive, "localhost:" + port + "/x")));
    assertEquals(4, e.exitCode());
  }

  @Test
  void wantsAnArchive() {
    assertThrows(
        HostException.class,
        () -> push(Transport.SECURE).push(directory.resolve("absent.oci.tar"), "localhost/x"));
  }

  private RegistryPush push(Transport transport) {
    return new RegistryPush(
        Progress.silent(), transport, Map.of("DOCKER_CONFIG", directory.toString()));
  }
}
