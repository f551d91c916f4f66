package io.hardbake.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SubnetTest {
  private static Subnet subnet(String text) {
    return Subnet.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.240.0.0/24", "0.0.0.0/0", "255.255.255.255/32", "192.168.4.0/22"})
  void readsWhatItWrites(String text) {
    assertEquals(text, subnet(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.240.0.1/24", "10.240.0.0", "10.240.0.0/33", "256.0.0.0/8", "fd00::/64", ""})
  void refusesWhatIsNone(String text) {
    assertEquals(Optional.empty(), Subnet.parse(text));
  }

  @Test
  void countsAddressesFromItsOwn() {
    assertEquals("10.240.0.10", subnet("10.240.0.0/24").address(10));
    assertEquals("192.168.5.4", subnet("192.168.4.0/22").address(260));
    assertEquals("10.240.0.62", subnet("10.240.0.0/26").address(62));
    assertThrows(IllegalArgumentException.class, () -> subnet("10.240.0.0/26").address(63));
    assertThrows(IllegalArgumentException.class, () -> subnet("10.240.0.0/24").address(0));
  }

  @ParameterizedTest
  @CsvSource({
    "10.240.0.0/24, 10.240.0.0/16, true",
    "10.240.0.0/24, 10.240.0.128/25, true",
    "10.240.0.0/24, 10.240.1.0/24, false",
    "10.240.0.0/24, 0.0.0.0/0, true",
    "192.168.0.0/16, 192.169.0.0/16, false"
  })
  void overlapsInBothDirections(String one, String other, boolean overlap) {
    assertEquals(overlap, subnet(one).overlaps(subnet(other)));
    assertEquals(overlap, subnet(other).overlaps(subnet(one)));
  }

  @Test
  void findsTheSubnetOfAnAddress() throws Exception {
    byte[] octets = {(byte) 192, (byte) 168, 5, 4};
    Subnet around = Subnet.around(InetAddress.getByAddress(octets), 22);
    assertEquals(subnet("192.168.4.0/22"), around);
    assertTrue(around.overlaps(subnet("192.168.5.4/32")));
    assertFalse(around.overlaps(subnet("192.168.8.0/22")));
  }
}
