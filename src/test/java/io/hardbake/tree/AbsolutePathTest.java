package io.hardbake.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AbsolutePathTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "a", "//", "/a/", "/a//b", "/.", "/a/./b", "/..", "/a/..", "/a\0b"})
  void refusesWhatIsNotNormalized(String value) {
    assertThrows(IllegalArgumentException.class, () -> AbsolutePath.of(value));
  }

  @Test
  void ordersADirectoryBeforeItsContentsAndThoseBeforeItsNeighbours() {
    List<AbsolutePath> ordered =
        Stream.of("/", "/a", "/a/b", "/a/b/c", "/a-b", "/a.b", "/ab", "/b")
            .map(AbsolutePath::of)
            .toList();
    assertEquals(ordered, List.copyOf(new TreeSet<>(ordered)));
  }

  @ParameterizedTest
  @CsvSource({
    "lib,/usr/lib",
    "../lib/./x,/lib/x",
    "/etc//ssl/,/etc/ssl",
    "../../..,/",
    "'',/usr",
    "/,/",
    ".,/usr"
  })
  void resolvesWhatIsWrittenInADirectory(String written, String meaning) {
    assertEquals(AbsolutePath.of(meaning), AbsolutePath.of("/usr").resolve(written));
  }

  @Test
  void knowsItsParts() {
    AbsolutePath path = AbsolutePath.of("/usr/bin/env");
    assertEquals("env", path.name());
    assertEquals(AbsolutePath.of("/usr/bin"), path.parent());
    assertEquals(List.of("usr", "bin", "env"), path.components());
    assertEquals("usr/bin/env", path.relative());
    assertEquals(AbsolutePath.ROOT, AbsolutePath.of("/usr").parent());
    assertEquals(AbsolutePath.ROOT, AbsolutePath.ROOT.parent());
    assertEquals(AbsolutePath.of("/usr"), AbsolutePath.ROOT.child("usr"));
    assertEquals(List.of(), AbsolutePath.ROOT.components());
  }

  @Test
  void isBelowOnlyWhatContainsIt() {
    AbsolutePath usr = AbsolutePath.of("/usr");
    assertTrue(AbsolutePath.of("/usr/bin").isBelow(usr));
    assertTrue(usr.isBelow(AbsolutePath.ROOT));
    assertFalse(usr.isBelow(usr));
    assertFalse(AbsolutePath.of("/usr2").isBelow(usr));
    assertFalse(AbsolutePath.ROOT.isBelow(AbsolutePath.ROOT));
  }
}
