package io.hardbake.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.io.DirectoryOrUrl.CredentialsException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DirectoryOrUrlTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"http://mirror.example/debian", "https://mirror.example:8443/a%20b/"})
  void aUrlStaysAsItIs(String word) throws Exception {
    assertEquals(URI.create(word), DirectoryOrUrl.parse(word));
  }

  @Test
  void aDirectoryHasManySpellings() throws Exception {
    Path odd = directory.resolve("a mirror");
    assertEquals(odd.toUri(), DirectoryOrUrl.parse(odd.toString()));
    assertEquals(odd.toUri(), DirectoryOrUrl.parse(odd + "/../a mirror"));
    assertEquals(odd.toUri(), DirectoryOrUrl.parse(odd.toUri().toString()));
    assertEquals(Path.of("http").toAbsolutePath().toUri(), DirectoryOrUrl.parse("http"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://bob:s3cret@mirror.example/debian",
        "https://bob@mirror.example",
        "http:bob:s3cret@mirror.example",
        "http://bob:s3/cret@mirror.example/debian",
        "http://bob:s3#cret@mirror.example/debian",
        "http://bob:s3 cret@mirror.example/debian",
        "ftp://bob:s3cret@mirror.example/debian",
        "file://bob:s3cret@mirror.example/debian",
        "file:bob:s3cret@mirror.example/debian"
      })
  void anAddressWithAPasswordIsRefusedWithoutBeingRepeated(String word) {
    CredentialsException refused =
        assertThrows(CredentialsException.class, () -> DirectoryOrUrl.parse(word));
    assertFalse(refused.toString().contains("cret"), refused.toString());
    assertFalse(refused.toString().contains("bob"), refused.toString());
  }

  @Test
  void anAtSignElsewhereIsNoPassword() throws Exception {
    for (String word : List.of("http://mirror.example:80/a@b", "https://[::1]:8080/a@b")) {
      assertEquals(URI.create(word), DirectoryOrUrl.parse(word));
    }
    Path odd = directory.resolve("a:b@c");
    assertEquals(odd.toUri(), DirectoryOrUrl.parse(odd.toString()));
    Path home = Path.of("/mirror@home/k8s");
    for (String word : List.of("file:///mirror@home/k8s", "file:/mirror@home/k8s")) {
      assertEquals(home.toUri(), DirectoryOrUrl.parse(word));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "ftp://mirror.example/debian",
        "http:debian",
        "https:///debian",
        "http://mirror.example/a b",
        "http://[mirror/debian",
        "file:debian",
        "file://mirror.example/debian",
        "a\0b"
      })
  void theRestIsRefused(String word) {
    assertThrows(URISyntaxException.class, () -> DirectoryOrUrl.parse(word));
  }
}
