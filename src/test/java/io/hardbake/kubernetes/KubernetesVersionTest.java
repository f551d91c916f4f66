package io.hardbake.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesVersionTest {
  @Test
  void readsATagWithAndWithoutItsLetter() {
    KubernetesVersion expected = new KubernetesVersion(1, 18, 6, "");
    assertEquals(Optional.of(expected), KubernetesVersion.parse("v1.18.6"));
    assertEquals(Optional.of(expected), KubernetesVersion.parse("1.18.6"));
    assertEquals("v1.18.6", expected.toString());
    assertEquals("v1.19.0-rc.2", KubernetesVersion.of("v1.19.0-rc.2").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v",
        "v1",
        "v1.18",
        "v1.18.6.1",
        "v1.018.6",
        "v1.18.-6",
        "v1.18.6-",
        "v1.18.6-a..b",
        "v1.18.6-01",
        "v1.18.6/../x",
        "v1.18.6 ",
        "v1.18.99999999999",
        "V1.18.6",
        "latest"
      })
  void refusesWhatIsNoVersion(String text) {
    assertEquals(Optional.empty(), KubernetesVersion.parse(text));
  }

  /** The example of semver 2.0.0, section 11.4, between two releases. */
  @Test
  void ordersAsSemverDoes() {
    List<KubernetesVersion> inOrder = new ArrayList<>();
    for (String text :
        new String[] {
          "v0.9.9",
          "v1.0.0-alpha",
          "v1.0.0-alpha.1",
          "v1.0.0-alpha.beta",
          "v1.0.0-beta",
          "v1.0.0-beta.2",
          "v1.0.0-beta.11",
          "v1.0.0-rc.1",
          "v1.0.0",
          "v1.9.0",
          "v1.18.6",
          "v1.18.10",
          "v2.0.0"
        }) {
      inOrder.add(KubernetesVersion.of(text));
    }
    List<KubernetesVersion> sorted = new ArrayList<>(inOrder);
    Collections.reverse(sorted);
    Collections.sort(sorted);
    assertEquals(inOrder, sorted);
  }

  @Test
  void knowsWhetherItIsRecentEnough() {
    KubernetesVersion version = KubernetesVersion.of("v1.20.2");
    assertTrue(version.atLeast(1, 19));
    assertTrue(version.atLeast(1, 20));
    assertFalse(version.atLeast(1, 21));
    assertFalse(version.atLeast(2, 0));
    assertTrue(KubernetesVersion.of("v2.0.0").atLeast(1, 30));
  }
}
