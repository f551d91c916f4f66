package io.hardbake.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
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
