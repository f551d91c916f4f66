package io.hardbake.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreLocationTest {
  @TempDir Path directory;

  @Test
  void isTheUsersCacheDirectoryAsThePlatformHasIt() {
    assertUsual("/home/me/.cache/hardbake", Map.of(), "Linux");
    assertUsual("/home/me/Library/Caches/hardbake", Map.of(), "Mac OS X");
    assertUsual("/cache/hardbake", Map.of("XDG_CACHE_HOME", "/cache"), "Linux");
    assertUsual("/home/me/.cache/hardbake", Map.of("XDG_CACHE_HOME", "not/absolute"), "Linux");
    assertUsual("/own", Map.of("XDG_CACHE_HOME", "/cache", "HARDBAKE_CACHE", "/own"), "Linux");
    assertUsual("/other/.cache/hardbake", Map.of("HOME", "/other"), "Linux");
    assertUsual("/home/me/.cache/hardbake", Map.of("HOME", "not/absolute"), "Linux");
  }

  private static void assertUsual(String expected, Map<String, String> environment, String system) {
    assertEquals(Path.of(expected), StoreLocation.usual(environment, system, "/home/me"));
  }

  @Test
  void isElsewhereForWhoHasNoHome() throws Exception {
    Path home = Files.writeString(directory.resolve("no home"), "a file");
    Path otherwise = directory.resolve("target/cache");
    StoreLocation location =
        StoreLocation.of(Map.of("HOME", home.toString()), directory.resolve("x/../target/cache"));
    assertEquals(
        new StoreLocation(otherwise, Optional.of(home.resolve(".cache/hardbake"))), location);
    Path named = home.resolve("named");
    assertEquals(
        new StoreLocation(named, Optional.empty()),
        StoreLocation.of(Map.of("HARDBAKE_CACHE", named.toString()), otherwise));
  }

  @Test
  void isInAHomeThatCanBeWritten() {
    StoreLocation location =
        StoreLocation.of(Map.of("HOME", directory.resolve("to/be/made").toString()), directory);
    assertEquals(directory.resolve("to/be/made/.cache/hardbake"), location.root());
    assertTrue(location.lacking().isEmpty());
  }
}
