package io.hardbake.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which repositories the distribution specification of OCI allows. */
final class ImageNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"hardbake/web", "hardbake/web--test", "a.b/c_d/e__f", "a---b", "0/1"})
  void aRepository(String repository) {
    assertEquals(repository + ":v1", new ImageName(repository, "v1").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hardbake/web-", "hardbake/-web", "a..b", "a___b", "a_-b", "a//b", "A"})
  void notARepository(String repository) {
    assertThrows(IllegalArgumentException.class, () -> new ImageName(repository, "v1"));
  }
}
