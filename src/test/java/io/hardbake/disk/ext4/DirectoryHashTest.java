package io.hardbake.disk.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code dx_hash} of debugfs says of the same names. */
final class DirectoryHashTest {
  private static final UUID SEED = UUID.fromString("f00dfeed-1234-4321-8888-a5a5a5a5a5a5");

  @ParameterizedTest
  @CsvSource({
    "a, 1, fb48f1fa534d4ea8",
    "lost+found, 1, 112f4868bb8c75bc",
    "Főtanúsítvány, 1, 2295024e77c82491",
    "x, 31, c81b7768a759b1bf",
    "x, 32, 502afa76cba85df5",
    "x, 33, 46584962d5ba0e50",
    "é, 127, 6de972c6c7fd0547"
  })
  void equalsDebugfs(String name, int times, String hash) {
    assertEquals(hash, hash(SEED, name.repeat(times)));
  }

  @ParameterizedTest
  @CsvSource({"a, d5fa7d7aacb48187"})
  void aSeedOfZerosIsThatOfMd4(String name, String hash) {
    assertEquals(hash, hash(new UUID(0, 0), name));
  }

  private static String hash(UUID seed, String name) {
    return Long.toHexString(new DirectoryHash(seed).of(name.getBytes(StandardCharsets.UTF_8)));
  }
}
