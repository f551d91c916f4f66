package io.hardbake.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardbake.io.Sha256;
import io.hardbake.io.Size;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SparseContentTest {
  private static SparseContent of(long size, Map<Long, Content> parts) {
    return new SparseContent(new Size(size), Sha256.of(new byte[0]), new TreeMap<>(parts));
  }

  @Test
  void readsZerosBetweenTheParts() throws Exception {
    SparseContent content =
        of(10, Map.of(1L, Content.of("ab"), 3L, Content.of("c"), 6L, Content.of("de")));
    assertEquals("\0abc\0\0de\0\0", content.text());
    try (InputStream in = content.open()) {
      for (char c : "\0abc\0\0de\0\0".toCharArray()) {
        assertEquals(c, in.read());
      }
      assertEquals(-1, in.read());
    }
  }

  @Test
  void canBeNothingButAHole() throws Exception {
    assertArrayEquals(new byte[5], of(5, Map.of()).bytes());
    assertArrayEquals(new byte[0], of(0, Map.of()).bytes());
  }

  @Test
  void refusesPartsThatOverlapOrReachBeyondTheEnd() {
    Content two = Content.of("ab");
    assertThrows(IllegalArgumentException.class, () -> of(9, Map.of(1L, two, 2L, two)));
    assertThrows(IllegalArgumentException.class, () -> of(9, Map.of(8L, two)));
    assertThrows(IllegalArgumentException.class, () -> of(9, Map.of(0L, Content.of(""))));
  }
}
