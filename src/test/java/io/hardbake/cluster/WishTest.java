package io.hardbake.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardbake.engine.Subnet;
import io.hardbake.failure.UsageException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user may ask for, and where things then are. */
final class WishTest {
  private static Wish parse(
      @Nullable Integer controllers, @Nullable String subnet, @Nullable Integer port, int wait)
      throws UsageException {
    return Wish.parse(Map.of(), controllers, subnet, port, wait, false);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 2, 4, 6, 7})
  void refusesCountsThatCannotDecide(int count) {
    UsageException e = assertThrows(UsageException.class, () -> parse(count, null, null, 180));
    assertEquals("use 1, 3 or 5", e.remedy());
  }

  @ParameterizedTest
  @CsvSource({
    "10.240.0.7/24, zero host bits",
    "10.240.0.0/27, at least 64",
    "10.0.2.0/24, another subnet",
    "10.0.0.0/8, another subnet",
    "here, such as 10.240.0.0/24"
  })
  void refusesSubnetsThatCannotServe(String subnet, String remedy) {
    UsageException e = assertThrows(UsageException.class, () -> parse(null, subnet, null, 180));
    assertTrue(e.remedy().contains(remedy), e.remedy());
  }

  @Test
  void refusesNonsense() {
    assertThrows(UsageException.class, () -> parse(null, null, 65536, 180));
    assertThrows(UsageException.class, () -> parse(null, null, -1, 180));
    assertThrows(UsageException.class, () -> parse(null, null, null, 0));
    assertThrows(UsageException.class, () -> ClusterName.parse("Upper"));
    assertThrows(UsageException.class, () -> ClusterName.parse("a".repeat(33)));
  }

  @Test
  void theTutorialsAddresses() {
    Topology topology = Topology.of(Subnet.parse("10.240.0.0/24").orElseThrow(), 3);
    assertEquals(
        List.of("10.240.0.10", "10.240.0.11", "10.240.0.12", "10.240.0.40"),
        topology.nodes().stream().map(Node::address).toList());
    assertEquals("10.240.0.14", Topology.of(topology.subnet(), 5).controllers().get(4).address());
  }

  @Test
  void theTutorialsSubnetFirst() {
    assertEquals("10.240.0.0/24", Subnets.free(List.of()).get(0).toString());
    List<Subnet> taken =
        List.of(
            Subnet.parse("10.240.0.0/25").orElseThrow(),
            Subnet.parse("10.240.1.77/32").orElseThrow());
    assertEquals("10.240.2.0/24", Subnets.free(taken).get(0).toString());
    List<Subnet> vpn = List.of(Subnet.parse("10.0.0.0/8").orElseThrow());
    assertEquals("172.30.0.0/24", Subnets.free(vpn).get(0).toString());
    assertEquals(List.of(), Subnets.free(List.of(Subnet.parse("0.0.0.0/0").orElseThrow())));
  }
}
