package io.hardbake.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DebVersionTest {
  /** In rising order, no two equal. */
  private static final List<String> RISING =
      List.of(
          "0~",
          "0",
          "0.0~~",
          "0.0~~a",
          "0.0~",
          "0.0",
          "0.0a",
          "0.0a-1",
          "0.0+",
          "0.0-1~",
          "0.0-1",
          "0.0-1+b1",
          "0.0-1.1",
          "0.0.1",
          "0.00002",
          "0.9",
          "0.10",
          "1",
          "1.0a",
          "1.0+git",
          "1.0.1-1~deb12u1",
          "1.0.1-1",
          "99999999999999999999999999",
          "1:0",
          "1:0-1",
          "2:0~rc1");

  @Test
  void ordersAsDebianDoes() {
    for (int i = 0; i < RISING.size(); i++) {
      for (int j = 0; j < RISING.size(); j++) {
        DebVersion a = DebVersion.of(RISING.get(i));
        DebVersion b = DebVersion.of(RISING.get(j));
        if (RISING.get(i).startsWith("0.0-1") || RISING.get(j).startsWith("0.0-1")) {
          continue; // A revision is compared last; these have a row of their own below.
        }
        assertEquals(
            Integer.signum(Integer.compare(i, j)), Integer.signum(a.compareTo(b)), a + " " + b);
      }
    }
  }

  @Test
  void comparesTheRevisionLast() {
    assertTrue(DebVersion.of("0.0-1~").compareTo(DebVersion.of("0.0-1")) < 0);
    assertTrue(DebVersion.of("0.0-1").compareTo(DebVersion.of("0.0-1+b1")) < 0);
    assertTrue(DebVersion.of("0.0-1+b1").compareTo(DebVersion.of("0.0-1.1")) < 0);
    assertTrue(DebVersion.of("0.0-9").compareTo(DebVersion.of("0.0.1-1")) < 0);
    assertTrue(DebVersion.of("1-1-1").compareTo(DebVersion.of("1-1-2")) < 0);
  }

  @Test
  void equalityIsTheOrders() {
    for (String same : List.of("1.0", "0:1.0", "1.0-0", "1.00", "01.0", "1.")) {
      assertEquals(DebVersion.of("1.0"), DebVersion.of(same));
      assertEquals(DebVersion.of("1.0").hashCode(), DebVersion.of(same).hashCode());
      assertEquals(same, DebVersion.of(same).toString());
    }
    assertNotEquals(DebVersion.of("1.0"), DebVersion.of("1.0~"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " 1",
        "1 ",
        ":1",
        "a:1",
        "1:",
        "-1",
        "1-",
        "a1",
        "~1",
        "1_1",
        "1-1:1",
        "1-a_",
        "9999999999:1",
        "-1:1",
        "1:-1",
        "1\n",
        "١",
        "1é",
        "1:1(2)",
        "1\0"
      })
  void refusesWhatIsNone(String text) {
    assertThrows(MalformedControlException.class, () -> DebVersion.parse(text));
  }

  @Test
  void splitsEpochUpstreamAndRevision() throws Exception {
    DebVersion version = DebVersion.parse("3:1:2-3-4");
    assertEquals(3, version.epoch());
    assertEquals("1:2-3", version.upstream());
    assertEquals("4", version.revision());
  }
}
